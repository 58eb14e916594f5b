/* infer_preference.c - the model `preference`: POST /v1/preference of pairs whose sums are tensors.
 */
#include "api/routes/infer/infer_whole.h"

#include "api/alignment/preference_reply.h"
#include "api/base/arena_error.h"
#include "api/members/schemas.h"

enum {
    POLICY_CHOSEN,
    POLICY_REJECTED,
    REFERENCE_CHOSEN,
    REFERENCE_REJECTED,
    TOKENS_CHOSEN,
    TOKENS_REJECTED
};

static const struct input_spec inputs[] = {
    [POLICY_CHOSEN] = {"policy_chosen", DATATYPE_FP64, TYPES_REAL, "B", false,
                       "The sum of the chosen completion's log-probabilities under the policy."},
    [POLICY_REJECTED] = {"policy_rejected", DATATYPE_FP64, TYPES_REAL, "B", false,
                         "That of the rejected one."},
    [REFERENCE_CHOSEN] = {"reference_chosen", DATATYPE_FP64, TYPES_REAL, "B", true,
                          "The sum of the chosen one under the reference."},
    [REFERENCE_REJECTED] = {"reference_rejected", DATATYPE_FP64, TYPES_REAL, "B", true,
                            "That of the rejected one."},
    [TOKENS_CHOSEN] = {"tokens_chosen", DATATYPE_INT64, TYPES_INTEGER, "B", true,
                       "How many tokens the chosen completion has, for objectives per token."},
    [TOKENS_REJECTED] = {"tokens_rejected", DATATYPE_INT64, TYPES_INTEGER, "B", true,
                         "That of the rejected one."},
};

enum { SUMMARY, LOSS, MARGIN, CHOSEN_REWARD, REJECTED_REWARD };

static const struct output_spec outputs[] = {
    [SUMMARY] = {"summary", DATATYPE_BYTES, "1", true, 0, 0, NULL,
                 "The answer of POST /v1/preference, as JSON."},
    [LOSS] = {"loss.KEY", DATATYPE_FP64, "B", false, 0, 0, NULL,
              "The loss of each pair, of the objective with the key KEY (its label, or its name)."},
    [MARGIN] = {"margin.KEY", DATATYPE_FP64, "B", false, 0, 0, NULL,
                "The reward of the chosen completion less that of the rejected one."},
    [CHOSEN_REWARD] = {"chosen_reward.KEY", DATATYPE_FP64, "B", false, 0, 0, NULL,
                       "The reward of each chosen completion."},
    [REJECTED_REWARD] = {"rejected_reward.KEY", DATATYPE_FP64, "B", false, 0, 0, NULL,
                         "The reward of each rejected completion."},
};

/* ---- the pairs ---- */

/* The completions of all pairs on one side: the inputs of that side. */
struct side {
    size_t policy, reference, tokens;
};

/* Take the sums of an input.  False with x->error set: one is no log-probability. */
static bool take_sums(struct infer *infer, size_t which, const double *sums, size_t index,
                      struct wide *sum)
{
    *sum = wide_of(sums[index]);
    return sums[index] <= 0
           || whole_fail(infer, which, index, ERR_OUT_OF_RANGE,
                         "%g is not the log-probability of a completion: it must be at most 0",
                         sums[index]);
}

static bool take_tokens(struct infer *infer, size_t which, size_t index, size_t *tokens)
{
    const int64_t count = tensor_integer(&infer->input[which], index);

    *tokens = (size_t)count;
    return count >= 1
           || whole_fail(infer, which, index, ERR_OUT_OF_RANGE, "%lld is below 1",
                         (long long)count);
}

/* The completions of one side.  NULL with x->error set. */
static struct preference_completion *read_side(struct infer *infer, const struct side *side)
{
    const size_t count = whole_axis(infer, 'B');
    const double *policy = whole_numbers(infer, side->policy),
                 *reference = whole_numbers(infer, side->reference);
    struct preference_completion *all =
        arena_new(&infer->x->arena, struct preference_completion, count);

    if (!all)
        arena_fail(&infer->x->arena, &infer->x->error);
    for (size_t i = 0; i < count && infer->x->error.code == ERR_NONE; i++) {
        all[i].has_policy = true;
        all[i].has_reference = reference != NULL;
        take_sums(infer, side->policy, policy, i, &all[i].policy);
        if (reference)
            take_sums(infer, side->reference, reference, i, &all[i].reference);
        if (infer->input[side->tokens].given)
            take_tokens(infer, side->tokens, i, &all[i].tokens);
    }
    return infer->x->error.code == ERR_NONE ? all : NULL;
}

static bool make_cases(struct infer *infer, struct cases *cases)
{
    static const struct side sides[] = {{POLICY_CHOSEN, REFERENCE_CHOSEN, TOKENS_CHOSEN},
                                        {POLICY_REJECTED, REFERENCE_REJECTED, TOKENS_REJECTED}};
    const struct preference_completion *chosen = read_side(infer, &sides[0]),
                                       *rejected = read_side(infer, &sides[1]);
    struct arena *arena = &infer->x->arena;

    if (!chosen || !rejected)
        return false;
    cases->count = whole_axis(infer, 'B');
    cases->of = arena_new(arena, struct preference_case, cases->count);
    cases->source = arena_new(arena, struct case_source, cases->count);
    if (!cases->of || !cases->source)
        return arena_fail(arena, &infer->x->error);
    for (size_t i = 0; i < cases->count; i++) {
        cases->of[i] =
            (struct preference_case){.chosen = &chosen[i], .rejected = &rejected[i], .weight = 1};
        cases->source[i].index = i;
    }
    return true;
}

static bool compute(struct infer *infer, struct planner *planner)
{
    struct exchange *x = infer->x;
    struct verdicts *verdicts = arena_new(&x->arena, struct verdicts, 1);
    struct cases cases = {0};

    if (!verdicts)
        return arena_fail(&x->arena, &x->error);
    infer->result = verdicts;
    if (!make_cases(infer, &cases))
        return false;
    return verdicts_make(verdicts, &cases, planner->body->tree, x) || whole_fail_request(x);
}

/* ---- outputs ---- */

static const struct verdict *verdict_of(const struct verdicts *verdicts,
                                        const struct wanted_output *choice)
{
    for (size_t i = 0; i < verdicts->count; i++)
        if (whole_key_is(choice, verdicts->of[i].key, verdicts->of[i].key_length))
            return &verdicts->of[i];
    return NULL;
}

static struct wide figure_of(const struct preference_figures *figures, size_t output)
{
    return output == LOSS            ? figures->loss
           : output == MARGIN        ? figures->margin
           : output == CHOSEN_REWARD ? figures->chosen_reward
                                     : figures->rejected_reward;
}

static bool find_figures(struct infer *infer, struct column *column)
{
    const struct verdicts *verdicts = infer->result;
    const struct verdict *verdict = verdict_of(verdicts, column->choice);
    const size_t output = (size_t)(column->choice->output - outputs);
    double *values;

    if (!verdict)
        return whole_fail_key(infer, column, "the request has no objective with this key");
    values = arena_new(&infer->x->arena, double, verdicts->cases.count);
    if (!values)
        return arena_fail(&infer->x->arena, &infer->x->error);
    for (size_t i = 0; i < verdicts->cases.count; i++)
        values[i] = wide_double(figure_of(&verdict->figures[i], output));
    whole_array(column, values);
    return true;
}

static void write_summary(const struct infer *infer, struct strbuf *text)
{
    preference_reply_write(text, infer->result);
}

static bool find(struct infer *infer, struct column *column)
{
    return column->choice->key ? find_figures(infer, column)
                               : whole_text(infer, column, write_summary);
}

static const struct whole_model whole = {
    .schema = &schema_preference, .compute = compute, .find = find};

const struct model model_preference = {
    .name = "preference",
    .summary =
        "The objectives of POST /v1/preference over pairs of completions, from sums of their "
        "log-probabilities.",
    .inputs = inputs,
    .input_count = sizeof inputs / sizeof *inputs,
    .outputs = outputs,
    .output_count = sizeof outputs / sizeof *outputs,
    .whole = &whole,
};
