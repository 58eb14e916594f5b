/* infer_logprobs.c - the model `logprobs`: row t of a sequence is about the token targets[t]. */
#include "api/routes/infer/infer_model.h"

#include <string.h>

#define TARGET_IGNORED (-100)

enum { LOGITS, TARGETS };

static const struct input_spec inputs[] = {
    [LOGITS] = {"logits", DATATYPE_FP32, TYPES_FLOAT, "BTV", false, "Rows of logits."},
    [TARGETS] = {"targets", DATATYPE_INT64, TYPES_INTEGER, "BT", false,
                 "The target token of each row; -100 for a row that is not scored."},
};

static bool read_target(struct plan *plan, const struct batch *batch, size_t token,
                        struct error *err)
{
    const size_t at = batch->index * batch->length + token;
    const int64_t id = tensor_integer(&batch->input[TARGETS], at);

    plan->needed[token] = id != TARGET_IGNORED;
    plan->ids[token] = plan->needed[token] ? id : 0;
    if (!plan->needed[token] || (id >= 0 && (uint64_t)id < batch->width))
        return true;
    return error_set(err, ERR_OUT_OF_RANGE, "",
                     "targets[%zu,%zu]: %lld is neither in the vocabulary of %zu nor -100",
                     batch->index, token, (long long)id, batch->width);
}

static bool plan_logprobs(struct plan *plan, const struct batch *batch, struct error *err)
{
    plan->length = batch->length;
    plan->alignment = ALIGN_SAME;
    plan->objectives = 1U << OBJECTIVE_joint;
    if (!batch_columns(batch, plan, err))
        return false;
    memset(plan->segment, SEGMENT_WHOLE, plan->length);
    for (size_t i = 0; i < plan->length; i++)
        if (!read_target(plan, batch, i, err))
            return false;
    return true;
}

static bool logprob_of(const struct output_spec *output, const struct scored *scored, size_t token,
                       double *value)
{
    (void)output;
    *value = scored->plan.needed[token] ? scored->result.log_prob[token] : 0;
    return true;
}

static bool rank_of(const struct output_spec *output, const struct scored *scored, size_t token,
                    double *value)
{
    (void)output;
    *value = scored->plan.needed[token] ? (double)scored->result.rank[token] : 0;
    return true;
}

static bool greedy_of(const struct output_spec *output, const struct scored *scored, size_t token,
                      double *value)
{
    (void)output;
    *value = scored->plan.needed[token] && scored->result.greedy[token] == ANSWER_YES;
    return true;
}

static bool entropy_of(const struct output_spec *output, const struct scored *scored, size_t token,
                       double *value)
{
    (void)output;
    *value = scored->plan.needed[token] ? scored->result.number[NUMBER_entropy][token] : 0;
    return true;
}

static bool loss_of_sequence(const struct output_spec *output, const struct scored *scored,
                             size_t token, double *value)
{
    const struct tally tally = scored_tally(scored, output->objective);

    (void)token;
    return tally_loss(&tally, value);
}

static bool count_of(const struct output_spec *output, const struct scored *scored, size_t token,
                     double *value)
{
    (void)token;
    *value = (double)scored_tally(scored, output->objective).tokens;
    return true;
}

#define JOINT OBJECTIVE_joint
static const struct output_spec outputs[] = {
    {"logprobs", DATATYPE_FP32, "BT", true, JOINT, 0, logprob_of,
     "The log-probability of each target; 0 where it is not scored."},
    {"loss", DATATYPE_FP32, "B", true, JOINT, 0, loss_of_sequence,
     "The mean loss of a sequence's scored targets: -logprob, with the smoothing and z_loss asked "
     "for."},
    {"rank", DATATYPE_INT32, "BT", false, JOINT, DETAIL_RANK, rank_of,
     "1 + how many logits are greater than the target's; 0 where it is not scored."},
    {"greedy", DATATYPE_BOOL, "BT", false, JOINT, 0, greedy_of,
     "Whether the target has the greatest logit (the first one in a tie)."},
    {"entropy", DATATYPE_FP32, "BT", false, JOINT, DETAIL_ENTROPY, entropy_of,
     "The entropy of each scored row, in nats; 0 where it is not scored."},
    {"token_count", DATATYPE_INT32, "B", false, JOINT, 0, count_of,
     "How many targets of a sequence are scored."},
};

static const struct row_model rows = {.plan = plan_logprobs};

const struct model model_logprobs = {
    .name = "logprobs",
    .summary = "The log-probability of one given target for each row.",
    .inputs = inputs,
    .input_count = sizeof inputs / sizeof *inputs,
    .outputs = outputs,
    .output_count = sizeof outputs / sizeof *outputs,
    .rows = &rows,
};
