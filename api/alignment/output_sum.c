/* output_sum.c - what a model said of a completion, as one sum of log-probabilities. */
#include "api/alignment/output_sum.h"

#include "api/plan/plan_tokens.h"

/* A sum that is given does not tell the distribution.  Refuse an option that needs it, unless its
 * value is the default. */
static bool refuse_options(const struct sequence_path *path, struct error *err)
{
    static const enum field options[] = {FIELD_temperature, FIELD_softcap, FIELD_top_k, FIELD_top_p,
                                         FIELD_min_p};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct member option = member_of(path, options[i]);

        if (option.value
            && (options[i] != FIELD_temperature || json_number_value(option.value) != 1))
            return member_fail(path, options[i], NO_ELEMENT, ERR_NEEDS_LOGITS, err,
                               "needs logits: a sum does not tell the distribution");
    }
    return true;
}

/* The number of tokens of a sum: as it says, or as the completion around it has them. */
static bool count_tokens(struct output_sum *sum, const struct sequence_path *path,
                         struct exchange *x)
{
    const json_t *told = field_value(path->holder[path->count - 1].object, FIELD_tokens);
    struct sequence_path around = *path;
    struct plan plan;

    around.holder[around.count - 1].object = NULL; /* its `tokens` is a number, not ids */
    if (!plan_tokens_tell(&plan, &around, x, &x->error))
        return false;
    sum->tokens = told ? (size_t)json_integer_value(told) : plan.completion;
    return !plan.split || sum->tokens == plan.completion
           || member_fail(path, FIELD_tokens, NO_ELEMENT, ERR_BAD_COUNT, &x->error,
                          "%zu tokens of a completion that has %zu", sum->tokens, plan.completion);
}

static bool take_given(struct output_sum *sum, const struct sequence_path *path, struct exchange *x)
{
    const json_t *value = field_value(path->holder[path->count - 1].object, FIELD_log_prob);

    sum->log_prob = wide_of(json_is_string(value) ? -HUGE_VAL : json_number_value(value));
    return refuse_options(path, &x->error) && count_tokens(sum, path, x);
}

/* Whether the log-probabilities of a prompt are known, but for that of token 0. */
static bool knows_prompt(const struct scored *scored)
{
    const struct plan *plan = &scored->plan;

    if (plan->completion_only || plan->completion == plan->length)
        return false;
    for (size_t i = 1; i < plan->length; i++)
        if (!scored->result.known[i])
            return false;
    return true;
}

static bool is_in(const struct scored *scored, size_t token, bool joint)
{
    return joint ? scored->result.known[token] : scored->plan.segment[token] == SEGMENT_COMPLETION;
}

static struct wide add_up(const struct scored *scored, bool joint, size_t *tokens)
{
    struct exact_sum sum;

    *tokens = 0;
    exact_sum_clear(&sum);
    for (size_t i = 0; i < scored->plan.length; i++) {
        if (!is_in(scored, i, joint))
            continue;
        exact_sum_add(&sum, scored->result.log_prob[i]);
        ++*tokens;
    }
    return wide_of_sum(&sum);
}

bool output_sum_make(struct output_sum *sum, const struct scored *scored, struct exchange *x)
{
    *sum = (struct output_sum){0};
    if (scored->plan.output.kind == OUTPUT_TOLD)
        return take_given(sum, &scored->plan.path, x);
    sum->log_prob = add_up(scored, false, &sum->tokens);
    sum->has_joint = knows_prompt(scored);
    if (sum->has_joint)
        sum->joint = add_up(scored, true, &sum->joint_tokens);
    return true;
}

bool output_sum_fail_count(const struct scored *scored, size_t tokens, size_t right,
                           struct error *err)
{
    const enum output_kind kind = scored->plan.output.kind;
    const enum field field = kind == OUTPUT_TOLD       ? FIELD_tokens
                             : kind == OUTPUT_LOGPROBS ? FIELD_logprobs
                             : kind == OUTPUT_ENGINE   ? FIELD_outputs
                                                       : FIELD_logits;

    return member_fail(&scored->plan.path, field, NO_ELEMENT, ERR_BAD_COUNT, err,
                       "%zu tokens under the reference, and %zu under the policy", tokens, right);
}
