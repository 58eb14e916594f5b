/* plan_split.c - which tokens of a sequence are x, and which are y. */
#include "api/plan/plan_split.h"

#include "api/base/arena_error.h"
#include "api/plan/pack.h"

#include <string.h>

#define LABEL_IGNORED (-100)

bool plan_check_entries(const struct plan *plan, const struct members *members, enum field field,
                        struct error *err)
{
    const size_t count = json_array_size(members->of[field].value);

    return count == plan_entries(plan)
           || member_fail(&plan->path, field, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "%zu entries for %zu tokens%s", count, plan_entries(plan),
                          plan_entries(plan) > plan->length ? ", padding included" : "");
}

static bool by_mask(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *mask = members->of[FIELD_mask].value;

    if (!plan_check_entries(plan, members, FIELD_mask, err))
        return false;
    for (size_t i = 0; i < plan->length; i++)
        if (flag_value(json_array_get(mask, plan->pad_before + i)))
            plan->segment[i] = SEGMENT_COMPLETION;
    return true;
}

static bool by_labels(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *labels = members->of[FIELD_labels].value;

    if (!plan_check_entries(plan, members, FIELD_labels, err))
        return false;
    for (size_t i = 0; i < plan->length; i++) {
        const json_int_t label = json_integer_value(json_array_get(labels, plan->pad_before + i));

        if (label == plan->ids[i])
            plan->segment[i] = SEGMENT_COMPLETION;
        else if (label != LABEL_IGNORED)
            return member_fail(
                &plan->path, FIELD_labels, plan->pad_before + i, ERR_OUT_OF_RANGE, err,
                "%lld is neither the token's id %lld nor -100 (labels are not shifted)",
                (long long)label, (long long)plan->ids[i]);
    }
    return true;
}

enum field plan_split_field(const struct members *members)
{
    return members->of[FIELD_mask].value     ? FIELD_mask
           : members->of[FIELD_labels].value ? FIELD_labels
           : members->of[FIELD_prompt].value ? FIELD_completion
                                             : FIELD_prompt_length;
}

/* Whether a prompt length gives the split.  If so, and no member tells it, *prompt_length is that
 * length. */
static bool find_split(struct plan *plan, const json_t *given, size_t *prompt_length)
{
    const bool is_completion = !plan->ids && plan->output.kind == OUTPUT_LOGPROBS;

    plan->output.split_used = !plan->in_two && !given && !is_completion && plan->output.splits;
    *prompt_length = plan->in_two              ? plan->prompt_ids
                     : plan->output.split_used ? plan->output.split
                                               : 0;
    return plan->in_two || given || is_completion || plan->output.split_used;
}

static bool fill(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *given = members->of[FIELD_prompt_length].value;
    size_t prompt_length;

    plan->split = true;
    if (members->of[FIELD_mask].value)
        return by_mask(plan, members, err);
    if (members->of[FIELD_labels].value)
        return by_labels(plan, members, err);
    plan->split = find_split(plan, given, &prompt_length);
    if (plan->split)
        return pack_split(plan, given, prompt_length, err);
    memset(plan->segment, SEGMENT_WHOLE, plan->length);
    return true;
}

bool plan_split(struct plan *plan, const struct members *members, struct arena *arena,
                struct error *err)
{
    plan->segment = arena_alloc(arena, plan->length, 1);
    if (!plan->segment)
        return arena_fail(arena, err);
    if (!fill(plan, members, err))
        return false;
    for (size_t i = 0; i < plan->length; i++)
        plan->completion += plan->segment[i] == SEGMENT_COMPLETION;
    return true;
}
