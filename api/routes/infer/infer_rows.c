/* infer_rows.c - the logits of a request to a model: rows, kept or reduced as they arrive. */
#include "api/routes/infer/infer_rows.h"

#include "api/base/arena_error.h"
#include "api/members/range.h"
#include "api/routes/infer/infer_ask.h"
#include "api/routes/infer/infer_member.h"

#include <string.h>

enum { AXIS_BATCH, AXIS_TIME, AXIS_VOCABULARY };

static const struct tensor *logits_of(const struct infer *infer)
{
    return &infer->input[0];
}

/* The rows of a sequence. */
static size_t height_of(const struct infer *infer)
{
    return logits_of(infer)->shape[AXIS_TIME];
}

/* T: how many tokens a sequence has. */
static size_t length_of(const struct infer *infer)
{
    return infer->input[1].shape[AXIS_TIME];
}

size_t rows_bytes(const struct infer *infer)
{
    return logits_of(infer)->shape[AXIS_VOCABULARY] * datatype_size(logits_of(infer)->type);
}

/* ---- plans ---- */

/* Whether plans can be made: all inputs are complete, other than logits and optional ones. */
static bool is_ready(const struct infer *infer)
{
    for (size_t i = 1; i < infer->model->input_count; i++)
        if (!infer->model->inputs[i].optional && !infer->input[i].complete)
            return false;
    return logits_of(infer)->given;
}

/* All inputs must have the same B and T, but for a last row that the model does not need. */
static bool check_axes(const struct infer *infer, struct error *err)
{
    const struct tensor *logits = logits_of(infer);
    const bool shorter = infer->model->rows->last_row_optional && infer->input[1].given
                         && height_of(infer) + 1 == length_of(infer);
    const size_t size[] = {logits->shape[AXIS_BATCH], height_of(infer) + shorter};

    for (size_t i = 1; i < infer->model->input_count; i++) {
        const struct tensor *tensor = &infer->input[i];
        const char *axes = infer->model->inputs[i].axes;

        for (size_t axis = 0; tensor->given && axes[axis]; axis++)
            if (tensor->shape[axis] != size[axis])
                return error_set(err, ERR_BAD_COUNT, "",
                                 "axis %zu (%c) of %s is %zu, and of logits it is %zu", axis,
                                 axes[axis], infer->model->inputs[i].name, tensor->shape[axis],
                                 logits->shape[axis]);
    }
    return true;
}

static bool make_plan(struct infer *infer, const struct settings *settings, size_t index,
                      struct error *err)
{
    const struct batch batch = {
        infer->model,     infer->input,     index,
        length_of(infer), height_of(infer), logits_of(infer)->shape[AXIS_VOCABULARY],
        &infer->x->arena};
    struct plan *plan = &infer->rows.scores.sequences[index]->plan;

    plan->objectives = settings->objectives;
    plan->details = settings->details;
    plan->alignment = settings->alignment;
    plan->transform = transform_make(settings->temperature, settings->softcap);
    plan->loss = (struct loss_options){.label_smoothing = settings->label_smoothing,
                                       .smoothing = settings->smoothing,
                                       .z_loss = settings->z_loss};
    return infer->model->rows->plan(plan, &batch, err);
}

/* Make a plan for each sequence, with `settings`. */
static bool make_plans(struct infer *infer, const struct settings *settings, struct error *err)
{
    const size_t count = logits_of(infer)->shape[AXIS_BATCH];
    struct scores *scores = &infer->rows.scores;
    struct scored *scored;

    if (!check_axes(infer, err))
        return false;
    scores->model = infer->model->name;
    scored = arena_new(&infer->x->arena, struct scored, count);
    scores->sequences = arena_new(&infer->x->arena, struct scored *, count);
    if (!scored || !scores->sequences)
        return arena_fail(&infer->x->arena, err);
    scores->count = infer->sequences = count;
    for (size_t i = 0; i < count; i++) {
        scores->sequences[i] = &scored[i];
        if (!make_plan(infer, settings, i, err))
            return false;
    }
    return true;
}

/* ---- one row ---- */

/* Whether the next row is needed.  If so, its sequence becomes the current one. */
static bool next_is_needed(struct infer *infer)
{
    struct infer_rows *rows = &infer->rows;
    const size_t length = height_of(infer);

    if (rows->index % length == 0) {
        rows->scored = rows->scores.sequences[rows->index / length];
        scorer_init(&rows->scorer, &rows->scored, 1, infer->x, &rows->err);
    }
    return scorer_needs(&rows->scorer, rows->index % length);
}

static void skip(struct infer_rows *rows)
{
    rows->mode = ROWS_SKIPPED;
}

/* Record why the current row is bad. */
static void word_fault(const struct infer *infer, struct error *err)
{
    const struct row_fault *fault = &infer->rows.scorer.fault;
    const size_t b = infer->rows.index / height_of(infer), t = infer->rows.index % height_of(infer);

    if (fault->kind == ROW_MASKED)
        error_set(err, ERR_BAD_ROW, "", "logits[%zu,%zu]: the row has no finite logit", b, t);
    else
        error_set(err, ERR_BAD_ROW, "", "logits[%zu,%zu,%zu]: the logit is %s", b, t, fault->index,
                  fault->kind == ROW_NAN ? "NaN" : "+inf");
}

/* Note that the current row is bad for the objectives that score its token.  Which objectives are
 * requested may not be known yet. */
static void note_bad(struct infer *infer)
{
    struct infer_rows *rows = &infer->rows;
    const size_t token = rows->index % height_of(infer) + plan_shift(&rows->scored->plan);

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        struct bad_row *bad = &rows->bad[id];

        if (bad->err.code != ERR_NONE || !(rows->scored->plan.objectives >> id & 1)
            || !scored_has(rows->scored, objective_at(id), token))
            continue;
        bad->index = rows->index;
        word_fault(infer, &bad->err);
    }
}

static void take_row(struct infer *infer, const void *data)
{
    struct infer_rows *rows = &infer->rows;
    const struct row row = {data, logits_of(infer)->shape[AXIS_VOCABULARY],
                            (enum dtype)logits_of(infer)->type};

    if (!scorer_row(&rows->scorer, rows->index % height_of(infer), &row, &rows->err)) {
        if (rows->scorer.asker)
            note_bad(infer);
        else
            skip(rows);
    }
    rows->index++;
}

/* ---- rows as they arrive ---- */

/* Make plans and start to reduce.  If there are no plans, the error is reported at the end. */
static bool start(struct infer *infer, const struct settings *settings)
{
    struct infer_rows *rows = &infer->rows;

    rows->mode = ROWS_REDUCED;
    rows->row = arena_alloc(&infer->x->arena, rows_bytes(infer), 1);
    if (!rows->row)
        return arena_fail(&infer->x->arena, &infer->x->error);
    if (!make_plans(infer, settings, &rows->err))
        skip(rows);
    if (!error_is_spent(rows->err.code))
        return true;
    infer->x->error = rows->err;
    return false;
}

bool rows_begin_blob(struct infer *infer)
{
    return !is_ready(infer) || start(infer, &infer->ask.settings);
}

/* Reduce rows from the bytes of the chunk.  Only a row that the chunk cuts off is copied. */
void rows_feed(struct infer *infer, const char *bytes, size_t length)
{
    struct infer_rows *rows = &infer->rows;
    const size_t size = rows_bytes(infer);

    while (length > 0 && rows->mode == ROWS_REDUCED) {
        const bool needed = next_is_needed(infer);
        const size_t left = size - rows->fill, take = left < length ? left : length;
        const char *row = rows->fill == 0 && take == size ? bytes : rows->row;

        if (needed && row == rows->row)
            memcpy(rows->row + rows->fill, bytes, take);
        rows->fill = (rows->fill + take) % size;
        bytes += take;
        length -= take;
        if (rows->fill > 0)
            return;
        if (needed)
            take_row(infer, row);
        else
            rows->index++;
    }
}

/* The rows of JSON are too many to keep: reduce them if all that is needed is known.  Members that
 * come later must then not act on rows. */
static bool decide(struct infer *infer)
{
    struct infer_rows *rows = &infer->rows;
    struct tensor *logits = &infer->input[0];
    struct error err = {0};
    struct ask ask;
    json_t *tree = infer->head.feeder.parser.tree;

    rows->decided = true;
    if (!is_ready(infer))
        return true;
    if (!ask_read(&ask, infer->model, tree, &infer->x->arena, &err)) {
        skip(rows);
        if (!error_is_spent(err.code))
            return true; /* it is reported at the end */
        infer->x->error = err;
        return false;
    }
    rows->frozen = true;
    rows->had_parameters = infer_member(tree, "parameters");
    if (!infer_member(tree, "outputs")) /* they may still come, and ask for any output */
        ask_everything(&ask.settings, infer->model);
    if (!start(infer, &ask.settings))
        return false;
    rows_feed(infer, logits->data, logits->length);
    return true;
}

bool rows_took(struct infer *infer, size_t bytes)
{
    struct infer_rows *rows = &infer->rows;

    if (rows->mode == ROWS_KEPT && !rows->decided && !infer->head_done
        && logits_of(infer)->length > infer->x->api->kept_rows)
        return decide(infer);
    if (rows->mode != ROWS_REDUCED)
        return true;
    rows->fill = (rows->fill + bytes) % rows_bytes(infer);
    if (rows->fill > 0)
        return true;
    if (next_is_needed(infer))
        take_row(infer, rows->row);
    else
        rows->index++;
    return true;
}

/* ---- the end ---- */

bool rows_check_late(const struct infer *infer, const json_t *tree, struct error *err)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "parameters");
    const char *late = infer->rows.frozen && !infer->rows.had_parameters
                           ? ask_on_rows(infer_member(tree, "parameters"))
                           : NULL;

    return !late
           || fail_at(err, ERR_AFTER_LOGITS, &MEMBER(&list, late),
                      "comes after logits, whose rows were too many to keep (--max-kept-rows) and "
                      "were scored without it: put inputs last");
}

static bool read_weights(struct infer *infer, struct plan *plan, size_t index, struct error *err)
{
    const struct tensor *weights = &infer->input[infer->model->rows->weights];
    const size_t length = length_of(infer);
    char detail[RANGE_DETAIL];

    if (infer->model->rows->weights == 0 || !weights->given)
        return true;
    plan->weight = arena_new(&infer->x->arena, double, plan->length);
    if (!plan->weight)
        return arena_fail(&infer->x->arena, err);
    for (size_t i = 0; i < plan->length; i++) {
        plan->weight[i] = tensor_number(weights, index * length + i);
        if (range_has(range_at(RANGE_weights), plan->weight[i]))
            continue;
        range_explain(range_at(RANGE_weights), plan->weight[i], detail);
        return error_set(err, ERR_OUT_OF_RANGE, "", "weights[%zu,%zu]: %s", index, i, detail);
    }
    return true;
}

static bool reduce_kept(struct infer *infer, struct error *err)
{
    const size_t count = logits_of(infer)->shape[AXIS_BATCH] * height_of(infer);
    struct infer_rows *rows = &infer->rows;

    if (!make_plans(infer, &infer->ask.settings, err))
        return false;
    for (size_t i = 0; i < count && rows->mode == ROWS_KEPT; i++)
        if (next_is_needed(infer))
            take_row(infer, logits_of(infer)->data + i * rows_bytes(infer));
        else
            rows->index++;
    return true;
}

/* Prepare the requested objectives of a sequence. */
static bool prepare(struct infer *infer, struct scored *scored, size_t index, struct error *err)
{
    scored->plan.objectives = infer->ask.settings.objectives;
    return read_weights(infer, &scored->plan, index, err)
           && scored_columns(scored, logits_of(infer)->shape[AXIS_VOCABULARY], &infer->x->arena,
                             err);
}

/* Check the rows that the requested objectives score.  Report the first bad one. */
static bool check_rows(const struct infer *infer, struct error *err)
{
    const struct bad_row *first = NULL;

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const struct bad_row *bad = &infer->rows.bad[id];

        if ((infer->ask.settings.objectives >> id & 1) && bad->err.code != ERR_NONE
            && (!first || bad->index < first->index))
            first = bad;
    }
    if (first)
        *err = first->err;
    return !first;
}

bool rows_end(struct infer *infer)
{
    struct infer_rows *rows = &infer->rows;
    struct error *err = &infer->x->error;

    if (error_is_spent(rows->err.code)) {
        *err = rows->err;
        return false;
    }
    if (!check_axes(infer, err) || (rows->mode == ROWS_KEPT && !reduce_kept(infer, err)))
        return false;
    if (rows->err.code != ERR_NONE)
        *err = rows->err;
    else
        check_rows(infer, err);
    for (size_t i = 0; i < rows->scores.count && err->code == ERR_NONE; i++)
        prepare(infer, rows->scores.sequences[i], i, err);
    if (err->code == ERR_NONE)
        scores_evaluate(&rows->scores, NULL);
    return err->code == ERR_NONE;
}

/* ---- outputs ---- */

static bool value_at(const struct column *column, size_t index, double *value)
{
    const struct infer *infer = column->from;
    const struct output_spec *output = column->choice->output;
    const size_t tokens = column->rank > 1 ? column->shape[1] : 1;
    const struct scored *scored = infer->rows.scores.sequences[index / tokens];

    return output->value(output, scored, index % tokens, value);
}

bool rows_column(const struct infer *infer, struct column *column)
{
    const struct output_spec *output = column->choice->output;
    const bool wide = infer->ask.settings.doubles && output->type == DATATYPE_FP32;

    column->type = wide ? DATATYPE_FP64 : output->type;
    column->rank = strlen(output->axes);
    column->shape[0] = logits_of(infer)->shape[AXIS_BATCH];
    column->shape[1] = length_of(infer);
    column->value = value_at;
    column->from = infer;
    return true;
}
