/* plan_tokens.c - the tokens of a sequence. */
#include "api/plan/plan_tokens.h"

#include "api/base/arena_error.h"
#include "api/plan/plan_forms.h"
#include "api/plan/plan_padding.h"
#include "api/plan/plan_split.h"

static json_t *given(const struct members *members, enum field field)
{
    return members->of[field].value;
}

bool plan_tokens_count(struct plan *plan, const struct members *members, struct error *err)
{
    const enum field field = given(members, FIELD_prompt)   ? FIELD_completion
                             : given(members, FIELD_tokens) ? FIELD_tokens
                                                            : FIELD_logprobs;

    plan->in_two = given(members, FIELD_prompt) != NULL;
    plan->prompt_entries = json_array_size(given(members, FIELD_prompt));
    if (field == FIELD_logprobs && given(members, FIELD_outputs))
        return true; /* the engine's answer gives the length */
    plan->length = field == FIELD_logprobs
                       ? plan->output.rows
                       : plan->prompt_entries + json_array_size(given(members, field));
    return plan->length > 0
           || member_fail(&plan->path, field, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                          "at least one token must be given");
}

/* Copy the ids from entry `from` on, but at most `most`.  Returns how many. */
static size_t copy_ids(int64_t *out, const json_t *array, size_t from, size_t most)
{
    const size_t size = json_array_size(array), left = from < size ? size - from : 0;
    const size_t count = left < most ? left : most;

    for (size_t i = 0; i < count; i++)
        out[i] = json_integer_value(json_array_get(array, from + i));
    return count;
}

bool plan_tokens_read(struct plan *plan, const struct members *members, struct arena *arena,
                      struct error *err)
{
    if (!given(members, FIELD_tokens) && !given(members, FIELD_prompt))
        return true;
    plan->ids = arena_alloc(arena, plan->length, sizeof *plan->ids);
    if (!plan->ids)
        return arena_fail(arena, err);
    plan->prompt_ids =
        copy_ids(plan->ids, given(members, FIELD_prompt), plan->pad_before, plan->length);
    copy_ids(plan->ids + plan->prompt_ids,
             given(members, plan->in_two ? FIELD_completion : FIELD_tokens),
             plan->pad_before + plan->prompt_ids - plan->prompt_entries,
             plan->length - plan->prompt_ids);
    return true;
}

bool plan_tokens_charge(const struct plan *plan, struct exchange *x, struct error *err)
{
    return work_charge_each(&x->work, plan_entries(plan), WORK_TOKEN, err);
}

/* ---- without an output ---- */

/* Whether the members tell which tokens y has. */
static bool tell_completion(const struct members *members)
{
    return given(members, FIELD_completion)
           || (given(members, FIELD_tokens)
               && (given(members, FIELD_prompt_length) || given(members, FIELD_mask)
                   || given(members, FIELD_labels)));
}

/* Take all of the member `completion` as y: nothing else is needed to count it. */
static bool take_completion(struct plan *plan, const struct members *members)
{
    plan->split = true;
    plan->completion = json_array_size(given(members, FIELD_completion));
    return true;
}

static bool read_completion(struct plan *plan, const struct members *members, struct exchange *x,
                            struct error *err)
{
    bool later = false;

    if (given(members, FIELD_completion) && !given(members, FIELD_prompt))
        return take_completion(plan, members); /* what no output needs may be left out */
    if (!plan_check_forms(members, &later, err))
        return false;
    if (given(members, FIELD_completion) && !given(members, FIELD_attention_mask))
        return take_completion(plan, members);
    return plan_tokens_count(plan, members, err) && plan_padding_read(plan, members, &x->arena, err)
           && plan_tokens_read(plan, members, &x->arena, err) && plan_tokens_charge(plan, x, err)
           && plan_split(plan, members, &x->arena, err);
}

bool plan_tokens_tell(struct plan *plan, const struct sequence_path *path, struct exchange *x,
                      struct error *err)
{
    struct members members;
    enum field field;

    *plan = (struct plan){.path = *path, .output.kind = OUTPUT_TOLD};
    members_merge(&members, &plan->path);
    if (!tell_completion(&members))
        return true;
    if (!read_completion(plan, &members, x, err))
        return false;
    field = given(&members, FIELD_completion) ? FIELD_completion : plan_split_field(&members);
    return plan->completion > 0
           || member_fail(&plan->path, field, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                          "the completion is empty: it has no log-probability");
}
