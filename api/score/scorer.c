/* scorer.c - the columns of sequences that share their rows. */
#include "api/score/scorer.h"

#include "core/log_sum.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/labels.h"
#include "api/plan/plan_temperatures.h"
#include "api/score/candidates.h"
#include "api/score/row_numbers.h"

#include <math.h>
#include <stdio.h>

/* The work of visiting each logit of a row once: `each`, and what its softcap adds. */
static uint64_t visits(size_t width, const struct transform *transform, uint64_t each)
{
    return width * (each + (transform->softcap > 0 ? WORK_SOFTCAP : 0));
}

/* How many passes a row takes in double-doubles is known only behind them. */
static bool charge_careful(const struct scorer *scorer, const struct reduction *reduction,
                           struct error *err)
{
    const struct row_stats *stats = &reduction->stats;
    const size_t width = stats->kept > 0 ? stats->kept : scorer->row->width;

    return work_charge_each(&scorer->x->work, stats->careful,
                            visits(width, &reduction->transform, WORK_CAREFUL), err);
}

/* Room for the tokens of the current row that a sampler keeps. */
static bool make_room(struct scorer *scorer, struct error *err)
{
    if (scorer->room_width >= scorer->row->width)
        return true;
    scorer->room = arena_alloc(&scorer->x->arena, scorer->row->width, 2 * sizeof *scorer->room);
    scorer->room_width = scorer->room ? scorer->row->width : 0;
    return scorer->room || arena_fail(&scorer->x->arena, err);
}

/* The work of a reduction of the current row. */
static uint64_t reduction_work(const struct scorer *scorer, const struct reduction *reduction)
{
    const uint64_t each = 1 + (reduction->wants & ROW_SPREAD ? (unsigned)WORK_SPREAD : 0U)
                          + (reduction->wants & ROW_VARIATION ? (unsigned)WORK_VARIATION : 0U);
    const uint64_t once = visits(scorer->row->width, &reduction->transform, each);

    return reduction_keeps(reduction) ? WORK_KEPT * once : once;
}

/* Reduce the current row for a transform of a sequence, or return the result if that was done.
 * NULL: the row is bad, or work or memory is used up. */
static const struct reduction *reduce(struct scorer *scorer, size_t index, size_t transform,
                                      struct error *err)
{
    struct reduction *reduction = reduction_of(&scorer->reductions, index, transform);

    if (reduction->row == scorer->index + 1)
        return reduction;
    if (!work_charge(&scorer->x->work, reduction_work(scorer, reduction), err)
        || (reduction_keeps(reduction) && !make_room(scorer, err)))
        return NULL;
    if (!reduction_run(reduction, scorer->x->api->kernel, scorer->row, scorer->room,
                       &scorer->fault)) {
        scorer->asker = scorer->sequences[index];
        return NULL;
    }
    if (!charge_careful(scorer, reduction, err))
        return NULL;
    reduction->row = scorer->index + 1;
    return reduction;
}

/* Of the tokens that a sampler drops none is likelier than another: the lowest index is first. */
static void tie_dropped(const struct row *row, const struct row_stats *stats,
                        const struct order *order)
{
    size_t at = 0;

    while (at < order->count && !row_drops(stats, order->best[at].logit))
        at++;
    for (size_t token = 0; at < order->count; token++)
        if (row_drops(stats, row_logit(row, token)))
            order->best[at++] = (struct ranked){token, -HUGE_VAL};
}

/* Fill the rank and the top K of a token. */
static bool fill_order(const struct scorer *scorer, struct scored *scored, size_t token,
                       const struct row_stats *stats, double logit, struct error *err)
{
    struct order order = {.wants_above = scored->result.rank != NULL,
                          .logit = logit,
                          .count = scored->result.best ? scored->result.best_count : 0,
                          .best = scored->result.best
                                      ? scored->result.best + token * scored->result.best_count
                                      : NULL};

    if (!scored->result.rank && !scored->result.best)
        return true;
    if (!work_charge(&scorer->x->work, scorer->row->width * (1 + order.count / WORK_TOP), err))
        return false;
    scorer->x->api->kernel->order(scorer->row, &order);
    if (scored->result.rank)
        scored->result.rank[token] = 1 + order.above;
    tie_dropped(scorer->row, stats, &order);
    for (size_t i = 0; i < order.count; i++)
        order.best[i].logit = -row_nll(stats, &scored->plan.transform, order.best[i].logit);
    return true;
}

/* Fill the entries of a token that several ids mean: they exclude each other. */
static void fill_labels(const struct scorer *scorer, struct scored *scored,
                        const struct row_stats *stats)
{
    const struct transform *transform = &scored->plan.transform;
    const struct labels *labels = scored->plan.labels;

    for (size_t i = 0; i < labels->count; i++) {
        const size_t id = (size_t)labels->of[i].id;

        labels->log_prob[i] = -HUGE_VAL;
        if (id >= scorer->row->width)
            continue;
        labels->log_prob[i] = -row_nll(stats, transform, row_logit(scorer->row, id));
        if (id == stats->argmax)
            scored->result.greedy[0] = ANSWER_YES;
    }
    scored->result.log_prob[0] = log_sum(labels->log_prob, labels->count);
    scored->result.token_loss[0] = -scored->result.log_prob[0];
}

/* Fill the log-probabilities of a token at further temperatures. */
static bool fill_further(struct scorer *scorer, size_t index, size_t token, double logit,
                         struct error *err)
{
    const struct scored *scored = scorer->sequences[index];
    const struct result *result = &scored->result;

    for (size_t i = 1; result->further && i < plan_transforms(&scored->plan); i++) {
        const struct reduction *reduction = reduce(scorer, index, i, err);

        if (!reduction)
            return false;
        result->further[(i - 1) * result->stride + token] =
            -row_nll(&reduction->stats, &reduction->transform, logit);
    }
    return true;
}

/* Fill the entries of a token.  The row is always checked.  An id outside the vocabulary is skipped
 * here and reported by check_ids() in score.c. */
static bool fill_token(struct scorer *scorer, size_t index, size_t token, struct error *err)
{
    struct scored *scored = scorer->sequences[index];
    const struct row *row = scorer->row;
    const struct reduction *reduction;
    const struct row_stats *stats;
    size_t id;
    double logit, nll;

    if (!scored_columns(scored, row->width, &scorer->x->arena, err))
        return false;
    reduction = reduce(scorer, index, 0, err);
    if (!reduction)
        return false;
    stats = &reduction->stats;
    if (scored->plan.ids[token] == ID_ARGMAX)
        scored->plan.ids[token] = (int64_t)stats->argmax;
    id = (size_t)scored->plan.ids[token];
    if (id >= row->width)
        return true;
    logit = row_logit(row, id);
    nll = row_nll(stats, &scored->plan.transform, logit);
    scored->result.log_prob[token] = -nll;
    scored->result.token_loss[token] =
        loss_of(&scored->plan.loss, stats, &scored->plan.transform, row->width, logit, nll);
    scored->result.greedy[token] = id == stats->argmax ? ANSWER_YES : ANSWER_NO;
    if (scored->plan.labels && scored->plan.labels->count > 1)
        fill_labels(scorer, scored, stats);
    for (enum number number = 0; number < NUMBER_COUNT; number++)
        if (scored->result.number[number])
            scored->result.number[number][token] =
                row_number(number, stats, &scored->plan.transform, logit);
    return candidates_fill(scored, token, row, stats, &scorer->x->work, err)
           && fill_order(scorer, scored, token, stats, logit, err)
           && fill_further(scorer, index, token, logit, err);
}

/* Whether the plan needs row `index`, and the token of that row. */
static bool token_of_row(const struct scored *scored, size_t index, size_t *token)
{
    *token = index - plan_row_of(&scored->plan, 0); /* it may wrap */
    return *token < scored->plan.length && scored->plan.needed[*token];
}

bool scorer_init(struct scorer *scorer, struct scored *const *sequences, size_t count,
                 struct exchange *x, struct error *err)
{
    *scorer = (struct scorer){.x = x, .sequences = sequences, .count = count};
    for (size_t i = 0; i < count; i++) {
        const struct plan *plan = &sequences[i]->plan;
        const size_t shift = plan_shift(plan), length = plan->rows_before + plan->length;

        if (length > shift && scorer->end < length - shift)
            scorer->end = length - shift;
    }
    return reductions_make(&scorer->reductions, sequences, count, &x->arena, err);
}

bool scorer_needs(const struct scorer *scorer, size_t index)
{
    size_t token;

    for (size_t i = 0; index < scorer->end && i < scorer->count; i++)
        if (token_of_row(scorer->sequences[i], index, &token))
            return true;
    return false;
}

bool scorer_row(struct scorer *scorer, size_t index, const struct row *row, struct error *err)
{
    struct request_stats *stats = &scorer->x->stats;
    size_t token;

    scorer->asker = NULL;
    scorer->row = row;
    scorer->index = index;
    for (size_t i = 0; i < scorer->count; i++)
        if (token_of_row(scorer->sequences[i], index, &token) && !fill_token(scorer, i, token, err))
            return false;
    stats->rows++;
    if (stats->vocabulary < row->width)
        stats->vocabulary = row->width;
    return true;
}

/* ---- bad rows ---- */

static bool fail_matrix(const struct scored *scored, size_t index, const struct row_fault *fault,
                        struct error *err)
{
    char pointer[sizeof err->pointer - 24], logit[sizeof err->pointer];

    engine_output_row_pointer(&scored->plan.output, index, pointer, sizeof pointer);
    snprintf(logit, sizeof logit, "%s/%zu", pointer, fault->index);
    if (err->code == ERR_NONE)
        err->place = scored->plan.output.answer->place;
    if (fault->kind == ROW_MASKED)
        return error_set(err, ERR_BAD_ROW, pointer, "the row has no finite logit");
    return error_set(err, ERR_BAD_ROW, logit, "the logit is %s",
                     fault->kind == ROW_NAN ? "NaN" : "+inf, or above the largest float32");
}

static bool fail_row(const struct scored *scored, size_t index, const struct row_fault *fault,
                     struct error *err)
{
    const struct sequence_path *path = &scored->plan.path;

    if (scored->plan.output.kind == OUTPUT_MATRIX)
        return fail_matrix(scored, index, fault, err);
    if (fault->kind == ROW_MASKED)
        return member_fail_row(path, index, NO_ELEMENT, ERR_BAD_ROW, err,
                               "the row has no finite logit");
    if (fault->kind == ROW_NAN)
        return member_fail_row(path, index, fault->index, ERR_BAD_ROW, err, "the logit is NaN");
    return member_fail_row(path, index, fault->index, ERR_BAD_ROW, err, "the logit is +inf%s",
                           scored->plan.output.kind == OUTPUT_ROWS
                                   && scored->plan.output.dtype == DTYPE_F32
                               ? ", or above the largest float32 (dtype f64 reads doubles)"
                               : "");
}

bool scorer_fail(const struct scorer *scorer, struct error *err)
{
    return fail_row(scorer->asker, scorer->index, &scorer->fault, err);
}
