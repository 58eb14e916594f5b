/* infer_policy.c - the model `policy`: POST /v1/policy of log-probabilities that are tensors. */
#include "api/routes/infer/infer_tensor.h"
#include "api/routes/infer/infer_whole.h"

#include "api/alignment/policy_reply.h"
#include "api/base/arena_error.h"
#include "api/engines/engine_answer.h"
#include "api/members/schemas.h"

#include <math.h>
#include <string.h>

/* The first inputs are those of enum policy_source. */
enum { MASK = SOURCE_COUNT, ADVANTAGES };

#define SOURCE_INPUT(name, help)                                                                   \
    [SOURCE_##name] = {#name, DATATYPE_FP64, TYPES_REAL,                                           \
                       "BT",  true,          "The log-probability of each token: " help},

static const struct input_spec inputs[] = {
#define SOURCE(name, help) SOURCE_INPUT(name, help)
#include "core/policy_sources.def"
    [MASK] = {"mask", DATATYPE_BOOL, TYPES_FLAG, "BT", true,
              "1 where a token is of y, 0 elsewhere; without it all are of y."},
    [ADVANTAGES] = {"advantages", DATATYPE_FP64, TYPES_REAL, "Bt", true,
                    "The advantage of each sequence, or of each token; objectives need them."},
};

enum { SUMMARY, LOSS, TOKEN_LOSS, LOG_RATIO, SEQUENCE_RATIO, GEOMETRIC_RATIO };

static const struct output_spec outputs[] = {
    [SUMMARY] = {"summary", DATATYPE_BYTES, "1", true, 0, 0, NULL,
                 "The answer of POST /v1/policy, as JSON."},
    [LOSS] = {"loss.KEY", DATATYPE_FP64, "1", false, 0, 0, NULL,
              "The loss of the objective with the key KEY (its label, or its name)."},
    [TOKEN_LOSS] = {"token_loss.KEY", DATATYPE_FP64, "BT", false, 0, 0, NULL,
                    "The loss of each token; 0 outside y."},
    [LOG_RATIO] = {"log_ratio.P_Q", DATATYPE_FP64, "BT", false, 0, 0, NULL,
                   "log p - log q of each token, as in log_ratio.current_old; 0 outside y."},
    [SEQUENCE_RATIO] = {"sequence_ratio.P_Q", DATATYPE_FP64, "B", false, 0, 0, NULL,
                        "p/q of each sequence: e^ the sum of its log ratios."},
    [GEOMETRIC_RATIO] = {"geometric_ratio.P_Q", DATATYPE_FP64, "B", false, 0, 0, NULL,
                         "e^ the mean of a sequence's log ratios."},
};

struct policy_result {
    struct policy_batch batch;
    struct policy_options options;
    struct policy_report report;
};

/* ---- the sequences ---- */

/* What the inputs hold, [B,T]. */
struct policy_tensors {
    const double *log_prob[SOURCE_COUNT]; /* NULL: not given */
    const double *advantages;             /* NULL: not given */
    bool *in_y;
    size_t length; /* T */
};

static bool read_tensors(struct infer *infer, struct policy_tensors *tensors)
{
    const size_t count = whole_axis(infer, 'B') * whole_axis(infer, 'T');
    struct exchange *x = infer->x;
    bool some = false;

    for (enum policy_source source = 0; source < SOURCE_COUNT; source++) {
        tensors->log_prob[source] = whole_numbers(infer, source);
        some |= infer->input[source].given;
    }
    tensors->advantages = whole_numbers(infer, ADVANTAGES);
    tensors->in_y = whole_flags(infer, MASK);
    tensors->length = whole_axis(infer, 'T');
    if (!some)
        error_set(&x->error, ERR_MISSING_MEMBER, "/inputs",
                  "what a policy said is missing: current, old, rollout or reference");
    if (tensors->in_y || x->error.code != ERR_NONE)
        return x->error.code == ERR_NONE;
    tensors->in_y = arena_alloc(&x->arena, count, sizeof *tensors->in_y);
    if (!tensors->in_y)
        return arena_fail(&x->arena, &x->error);
    memset(tensors->in_y, true, count);
    return true;
}

/* The log-probabilities of tokens of y must be some. */
static bool check_source(struct infer *infer, const struct policy_tensors *tensors, size_t source)
{
    const double *log_prob = tensors->log_prob[source];
    const size_t count = log_prob ? tensor_elements(&infer->input[source]) : 0;

    for (size_t i = 0; i < count; i++)
        if (tensors->in_y[i] && !(log_prob[i] <= ENGINE_SLACK))
            return whole_fail(infer, source, i, ERR_OUT_OF_RANGE,
                              "%g is not a log-probability: it must be at most 0 (or %g, as half "
                              "precision rounds)",
                              log_prob[i], ENGINE_SLACK);
    return true;
}

static bool check_advantages(struct infer *infer, const struct policy_tensors *tensors)
{
    const struct tensor *tensor = &infer->input[ADVANTAGES];
    const size_t count = tensor->given ? tensor_elements(tensor) : 0;

    for (size_t i = 0; i < count; i++)
        if ((tensor->rank == 1 || tensors->in_y[i]) && !isfinite(tensors->advantages[i]))
            return whole_fail(infer, ADVANTAGES, i, ERR_OUT_OF_RANGE, "must be finite");
    return true;
}

static bool check_tensors(struct infer *infer, const struct policy_tensors *tensors)
{
    for (enum policy_source source = 0; source < SOURCE_COUNT; source++)
        if (!check_source(infer, tensors, source))
            return false;
    return check_advantages(infer, tensors);
}

static void lay(const struct infer *infer, const struct policy_tensors *tensors,
                const struct sequence_path *path, size_t index, struct batch_sequence *sequence)
{
    const size_t first = index * tensors->length;

    sequence->path = *path;
    sequence->length = tensors->length;
    sequence->in_y = tensors->in_y + first;
    for (enum policy_source source = 0; source < SOURCE_COUNT; source++)
        if (tensors->log_prob[source])
            sequence->log_prob[source] = tensors->log_prob[source] + first;
    sequence->has_advantages = tensors->advantages != NULL;
    if (infer->input[ADVANTAGES].rank == 1)
        sequence->advantage = tensors->advantages[index];
    else if (tensors->advantages)
        sequence->advantages = tensors->advantages + first;
}

static bool make_batch(struct infer *infer, const struct planner *planner,
                       struct policy_batch *batch)
{
    const struct sequence_path path = {
        .schema = planner->schema,
        .body = planner->body,
        .holder = {{.object = planner->body->tree, .owner = TOP_LEVEL}},
        .count = 1,
        .tokens_at = NO_ELEMENT,
        .logits_at = NO_ELEMENT};
    struct policy_tensors tensors = {0};

    if (!read_tensors(infer, &tensors) || !check_tensors(infer, &tensors))
        return false;
    batch->count = whole_axis(infer, 'B');
    batch->of = arena_new(&infer->x->arena, struct batch_sequence, batch->count);
    if (!batch->of)
        return arena_fail(&infer->x->arena, &infer->x->error);
    for (size_t i = 0; i < batch->count; i++)
        lay(infer, &tensors, &path, i, &batch->of[i]);
    policy_batch_add_up(batch);
    return true;
}

static bool wants(const struct infer *infer, size_t output)
{
    for (size_t i = 0; i < infer->ask.count; i++)
        if (infer->ask.choices[i].output == &outputs[output])
            return true;
    return false;
}

static bool compute(struct infer *infer, struct planner *planner)
{
    struct exchange *x = infer->x;
    struct policy_result *result = arena_new(&x->arena, struct policy_result, 1);

    if (!result)
        return arena_fail(&x->arena, &x->error);
    infer->result = result;
    if (!make_batch(infer, planner, &result->batch))
        return false;
    if (!policy_options_read(&result->options, &result->batch, planner->body->tree, x))
        return whole_fail_request(x);
    result->options.token_losses |= wants(infer, TOKEN_LOSS);
    x->stats.tokens = result->batch.tokens;
    return policy_report_make(&result->report, &result->batch, &result->options, x);
}

/* ---- outputs ---- */

/* Room for the elements of an output.  NULL with x->error set. */
static double *room_for(struct infer *infer, const struct column *column)
{
    size_t count = 1;
    double *values;

    for (size_t axis = 0; axis < column->rank; axis++)
        count *= column->shape[axis];
    values = arena_new(&infer->x->arena, double, count);
    if (!values)
        arena_fail(&infer->x->arena, &infer->x->error);
    return values;
}

static void fill_losses(const struct policy_result *result, size_t objective, double *values)
{
    for (size_t i = 0; i < result->batch.count; i++) {
        const struct batch_sequence *sequence = &result->batch.of[i];
        const double *losses = result->report.of[i].losses[objective];

        for (size_t token = 0; token < sequence->length; token++, values++)
            *values = sequence->in_y[token] ? losses[token] : 0;
    }
}

static bool find_loss(struct infer *infer, struct column *column)
{
    const struct policy_result *result = infer->result;
    const struct asked_objectives *asked = &result->options.asked;
    size_t index = 0;
    double *values;

    while (index < asked->count
           && !whole_key_is(column->choice, asked->of[index].key, asked->of[index].key_length))
        index++;
    if (index == asked->count)
        return whole_fail_key(infer, column, "the request has no objective with this key");
    values = room_for(infer, column);
    if (!values)
        return false;
    if (column->choice->output == &outputs[LOSS])
        *values = result->report.loss[index].loss;
    else
        fill_losses(result, index, values);
    whole_array(column, values);
    return true;
}

static void fill_log_ratios(const struct policy_batch *batch, enum policy_ratio ratio,
                            double *values)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct ratio_view *view = &batch->of[i].view[ratio];

        for (size_t token = 0; token < view->length; token++, values++)
            *values = view->counts[token] ? token_log_ratio(view->p[token], view->q[token]).hi : 0;
    }
}

static void fill_ratios(const struct policy_batch *batch, enum policy_ratio ratio,
                        enum sequence_spread spread, double *values)
{
    for (size_t i = 0; i < batch->count; i++)
        values[i] = sequence_spread_value(spread, &batch->of[i].ratio[ratio]).hi;
}

static bool find_ratio(struct infer *infer, struct column *column)
{
    const struct policy_batch *batch = &((const struct policy_result *)infer->result)->batch;
    const struct output_spec *output = column->choice->output;
    enum policy_ratio ratio;
    size_t value;
    double *values;

    if (!registry_find(REGISTRY_ratios, column->choice->key, &value) || !batch->of[0].has[value])
        return whole_fail_key(infer, column, "the inputs have no ratio of this name");
    ratio = (enum policy_ratio)value;
    values = room_for(infer, column);
    if (!values)
        return false;
    if (output == &outputs[LOG_RATIO])
        fill_log_ratios(batch, ratio, values);
    else
        fill_ratios(batch, ratio,
                    output == &outputs[SEQUENCE_RATIO] ? SEQUENCE_SPREAD_sequence_ratio
                                                       : SEQUENCE_SPREAD_geometric_ratio,
                    values);
    whole_array(column, values);
    return true;
}

static void write_summary(const struct infer *infer, struct strbuf *text)
{
    policy_reply_write(text, &((const struct policy_result *)infer->result)->report);
}

static bool find(struct infer *infer, struct column *column)
{
    const struct output_spec *output = column->choice->output;

    if (output == &outputs[SUMMARY])
        return whole_text(infer, column, write_summary);
    return (output <= &outputs[TOKEN_LOSS] ? find_loss : find_ratio)(infer, column);
}

static const struct whole_model whole = {
    .schema = &schema_policy, .compute = compute, .find = find};

const struct model model_policy = {
    .name = "policy",
    .summary = "The ratios and objectives of POST /v1/policy over a batch of log-probabilities.",
    .inputs = inputs,
    .input_count = sizeof inputs / sizeof *inputs,
    .outputs = outputs,
    .output_count = sizeof outputs / sizeof *outputs,
    .whole = &whole,
};
