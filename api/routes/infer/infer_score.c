/* infer_score.c - the model `score`: the objectives of POST /v1/score over a batch of sequences. */
#include "api/routes/infer/infer_model.h"
#include "api/score/score_reply.h"

#include <string.h>

enum { LOGITS, TOKENS, PROMPT_LENGTH, WEIGHTS };

static const struct input_spec inputs[] = {
    [LOGITS] = {"logits", DATATYPE_FP32, TYPES_FLOAT, "BTV", false,
                "Rows of logits; row t is about token t+1 (or t, with \"alignment\":\"same\"). T "
                "or T-1 of them."},
    [TOKENS] = {"tokens", DATATYPE_INT64, TYPES_INTEGER, "BT", false,
                "Token ids, x then y; negative ids at the right end are padding."},
    [PROMPT_LENGTH] = {"prompt_length", DATATYPE_INT64, TYPES_INTEGER, "B", false,
                       "How many of a sequence's tokens are the prompt x."},
    [WEIGHTS] = {"weights", DATATYPE_FP32, TYPES_FLOAT, "BT", true,
                 "The factor of each token's loss."},
};

static int64_t token_at(const struct batch *batch, size_t token)
{
    return tensor_integer(&batch->input[TOKENS], batch->index * batch->length + token);
}

/* Read the ids up to the padding.  Whether they are in the vocabulary is checked when they are
 * scored. */
static bool read_ids(struct plan *plan, const struct batch *batch, struct error *err)
{
    plan->length = batch->length;
    while (plan->length > 0 && token_at(batch, plan->length - 1) < 0)
        plan->length--;
    for (size_t i = 0; i < plan->length; i++) {
        plan->ids[i] = token_at(batch, i);
        if (plan->ids[i] < 0)
            return error_set(err, ERR_OUT_OF_RANGE, "",
                             "tokens[%zu,%zu]: %lld is negative and is followed by ids: padding "
                             "stands at the right end",
                             batch->index, i, (long long)plan->ids[i]);
    }
    return true;
}

static bool read_split(struct plan *plan, const struct batch *batch, struct error *err)
{
    const int64_t length = tensor_integer(&batch->input[PROMPT_LENGTH], batch->index);

    if (length < 0 || (uint64_t)length > plan->length)
        return error_set(err, ERR_OUT_OF_RANGE, "",
                         "prompt_length[%zu]: %lld is not between 0 and the %zu tokens",
                         batch->index, (long long)length, plan->length);
    plan->split = true;
    memset(plan->segment, SEGMENT_PROMPT, (size_t)length);
    memset(plan->segment + length, SEGMENT_COMPLETION, plan->length - (size_t)length);
    return true;
}

/* Mark the tokens of the objectives that the outputs need. */
static bool find_needed(struct plan *plan, const struct batch *batch, struct error *err)
{
    const size_t first = plan_shift(plan);

    for (size_t i = first; i < plan->length; i++) {
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
            plan->needed[i] |=
                (plan->objectives >> id & 1) && objective_at(id)->selects(plan->segment[i]);
        if (plan->needed[i] && i - first >= batch->rows)
            return error_set(err, ERR_BAD_COUNT, "",
                             "tokens[%zu,%zu] has no row: logits have %zu rows", batch->index, i,
                             batch->rows);
        if (plan->needed[i] && (uint64_t)plan->ids[i] >= batch->width)
            return error_set(err, ERR_OUT_OF_RANGE, "",
                             "tokens[%zu,%zu]: %lld is not below the vocabulary %zu", batch->index,
                             i, (long long)plan->ids[i], batch->width);
    }
    return true;
}

static bool plan_score(struct plan *plan, const struct batch *batch, struct error *err)
{
    return batch_columns(batch, plan, err) && read_ids(plan, batch, err)
           && read_split(plan, batch, err) && find_needed(plan, batch, err);
}

static bool loss_value(const struct output_spec *output, const struct scored *scored, size_t token,
                       double *value)
{
    const struct tally tally = scored_tally(scored, output->objective);

    (void)token;
    return tally_loss(&tally, value);
}

static bool log_prob_value(const struct output_spec *output, const struct scored *scored,
                           size_t token, double *value)
{
    (void)token;
    *value = scaled_double(scored_tally(scored, output->objective).log_prob);
    return true;
}

static bool token_loss_value(const struct output_spec *output, const struct scored *scored,
                             size_t token, double *value)
{
    const struct objective *objective = objective_at(output->objective);

    *value = token < scored->plan.length ? score_reply_token_loss(scored, objective, token)
                                         : 0; /* padding */
    return true;
}

#define OBJECTIVE_OUTPUTS(name)                                                                    \
    {#name ".loss",                                                                                \
     DATATYPE_FP32,                                                                                \
     "B",                                                                                          \
     true,                                                                                         \
     OBJECTIVE_##name,                                                                             \
     0,                                                                                            \
     loss_value,                                                                                   \
     "The " #name " loss of each sequence."},                                                      \
    {                                                                                              \
#name ".log_prob", DATATYPE_FP32, "B", true, OBJECTIVE_##name, 0, log_prob_value,          \
            "The " #name " log-probability of each sequence."                                      \
    }

static const struct output_spec outputs[] = {
    OBJECTIVE_OUTPUTS(joint),
    OBJECTIVE_OUTPUTS(conditional),
    OBJECTIVE_OUTPUTS(marginal),
    {"token_loss", DATATYPE_FP32, "BT", true, OBJECTIVE_conditional, 0, token_loss_value,
     "The conditional loss of each token; 0 outside the completion."},
};

static const struct row_model rows = {
    .plan = plan_score, .weights = WEIGHTS, .last_row_optional = true};

const struct model model_score = {
    .name = "score",
    .summary = "The joint, conditional and marginal loss of sequences.",
    .inputs = inputs,
    .input_count = sizeof inputs / sizeof *inputs,
    .outputs = outputs,
    .output_count = sizeof outputs / sizeof *outputs,
    .rows = &rows,
};
