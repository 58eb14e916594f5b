/* score_rows.c - the columns of a plan, from rows or from log-probabilities. */
#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/model_output.h"
#include "api/score/score.h"

#include <stdio.h>

static bool fail_matrix(const struct plan *plan, size_t index, const struct row_fault *fault,
                        struct error *err)
{
    char pointer[sizeof err->pointer - 24], logit[sizeof err->pointer];

    engine_output_row_pointer(&plan->output, index, pointer, sizeof pointer);
    snprintf(logit, sizeof logit, "%s/%zu", pointer, fault->index);
    if (err->code == ERR_NONE)
        err->place = plan->output.reading->place;
    if (fault->kind == ROW_MASKED)
        return error_set(err, ERR_BAD_ROW, pointer, "the row has no finite logit");
    return error_set(err, ERR_BAD_ROW, logit, "the logit is %s",
                     fault->kind == ROW_NAN ? "NaN" : "+inf, or above the largest float32");
}

static bool row_fail(const struct plan *plan, size_t index, const struct row_fault *fault,
                     struct error *err)
{
    const struct members *members = &plan->members;

    if (plan->output.kind == OUTPUT_MATRIX)
        return fail_matrix(plan, index, fault, err);
    if (fault->kind == ROW_MASKED)
        return member_fail_row(members, index, NO_ELEMENT, ERR_BAD_ROW, err,
                               "the row has no finite logit");
    if (fault->kind == ROW_NAN)
        return member_fail_row(members, index, fault->index, ERR_BAD_ROW, err, "the logit is NaN");
    return member_fail_row(members, index, fault->index, ERR_BAD_ROW, err, "the logit is +inf%s",
                           plan->output.kind == OUTPUT_ROWS && plan->output.dtype == DTYPE_F32
                               ? ", or above the largest float32 (dtype f64 reads doubles)"
                               : "");
}

/* Visits of a row when its order is looked at, or it is reduced: each logit, and what its transform
 * adds. */
static uint64_t visits(const struct row *row, const struct transform *transform, uint64_t each)
{
    return row->width * (each + (transform->softcap > 0 ? WORK_SOFTCAP : 0));
}

/* The row at hand, reduced as a plan asks; NULL: it is bad, or that is too much work. */
static const struct row_stats *reduce(struct scorer *scorer, size_t index, struct error *err)
{
    const struct plan *plan = scorer->plans[index];
    struct reduction *reduction = reduction_of(&scorer->reductions, index);
    const uint64_t each = 1 + (reduction->wants & ROW_SPREAD ? WORK_SPREAD : 0);

    if (reduction->row == scorer->index + 1)
        return &reduction->stats;
    if (!work_charge(&scorer->x->work, visits(scorer->row, &plan->transform, each), err))
        return NULL;
    if (!scorer->x->api->kernel->reduce(scorer->row, &plan->transform, reduction->wants,
                                        &reduction->stats, &scorer->fault)) {
        row_fail(plan, scorer->index, &scorer->fault, err);
        return NULL;
    }
    reduction->row = scorer->index + 1;
    return &reduction->stats;
}

/* Rank and top K of a token. */
static bool fill_order(const struct scorer *scorer, struct plan *plan, size_t token,
                       const struct row_stats *stats, double logit, struct error *err)
{
    struct order order = {.wants_above = plan->rank != NULL,
                          .logit = logit,
                          .count = plan->best ? plan->best_count : 0,
                          .best = plan->best ? plan->best + token * plan->best_count : NULL};

    if (!plan->rank && !plan->best)
        return true;
    if (!work_charge(&scorer->x->work,
                     visits(scorer->row, &plan->transform, 1 + order.count / WORK_TOP), err))
        return false;
    scorer->x->api->kernel->order(scorer->row, &plan->transform, &order);
    if (plan->rank)
        plan->rank[token] = 1 + order.above;
    for (size_t i = 0; i < order.count; i++)
        order.best[i].logit = -row_nll(stats, &plan->transform, order.best[i].logit);
    return true;
}

/* One token's entries.  The row is judged in any case; that an id is not in the vocabulary is told
 * elsewhere. */
static bool fill_token(struct scorer *scorer, size_t index, size_t token, struct error *err)
{
    struct plan *plan = scorer->plans[index];
    const struct row *row = scorer->row;
    const struct row_stats *stats;
    size_t id;
    double logit, nll;

    if (!plan_columns(plan, row->width, &scorer->x->arena, err))
        return false;
    stats = reduce(scorer, index, err);
    if (!stats)
        return false;
    if (plan->ids[token] == ID_ARGMAX)
        plan->ids[token] = (int64_t)stats->argmax;
    id = (size_t)plan->ids[token];
    if (id >= row->width)
        return true;
    logit = row_logit(row, &plan->transform, id);
    nll = row_nll(stats, &plan->transform, logit);
    plan->log_prob[token] = -nll;
    plan->token_loss[token] = loss_of(&plan->loss, stats, &plan->transform, row->width, logit, nll);
    plan->greedy[token] = id == stats->argmax ? ANSWER_YES : ANSWER_NO;
    if (plan->entropy)
        plan->entropy[token] = stats->entropy;
    return fill_order(scorer, plan, token, stats, logit, err);
}

/* The token that row `index` is about, if the plan needs it. */
static bool token_of_row(const struct plan *plan, size_t index, size_t *token)
{
    *token = index + plan_shift(plan);
    return *token < plan->length && plan->needed[*token];
}

bool scorer_init(struct scorer *scorer, struct plan *const *plans, size_t count, struct exchange *x,
                 struct error *err)
{
    *scorer = (struct scorer){.x = x, .plans = plans, .count = count};
    for (size_t i = 0; i < count; i++) {
        const size_t shift = plan_shift(plans[i]), length = plans[i]->length;

        if (length > shift && scorer->end < length - shift)
            scorer->end = length - shift;
    }
    return reductions_make(&scorer->reductions, plans, count, &x->arena, err);
}

bool scorer_needs(const struct scorer *scorer, size_t index)
{
    size_t token;

    for (size_t i = 0; index < scorer->end && i < scorer->count; i++)
        if (token_of_row(scorer->plans[i], index, &token))
            return true;
    return false;
}

bool scorer_row(struct scorer *scorer, size_t index, const struct row *row, struct error *err)
{
    struct request_stats *stats = &scorer->x->stats;
    size_t token;

    scorer->row = row;
    scorer->index = index;
    for (size_t i = 0; i < scorer->count; i++)
        if (token_of_row(scorer->plans[i], index, &token) && !fill_token(scorer, i, token, err))
            return false;
    stats->rows++;
    if (stats->vocabulary < row->width)
        stats->vocabulary = row->width;
    return true;
}

/* Judge the entry of one needed token; a null at position 0 only unscores it. */
static bool fill_logprob(struct plan *plan, size_t token, size_t entry, double value, bool is_null,
                         struct error *err)
{
    if (is_null && token == 0 && !plan->scores_all) {
        plan->needed[0] = false;
        return true;
    }
    if (is_null)
        return member_fail(&plan->members, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
                           "null where a requested objective scores the token");
    if (!(value <= 0))
        return member_fail(&plan->members, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
                           "%g is not a log-probability: it must be at most 0", value);
    plan->log_prob[token] = value;
    plan->token_loss[token] = -value;
    plan->greedy[token] = ANSWER_UNKNOWN;
    return true;
}

bool score_logprobs(struct plan *plan, struct exchange *x, struct error *err)
{
    const struct strbuf *text = &plan->output.span->text.text;
    const size_t count = plan->output.rows;
    double *value = arena_new(&x->arena, double, count);
    bool *is_null = arena_new(&x->arena, bool, count);
    size_t entry = 0;

    if (!value || !is_null)
        return arena_fail(&x->arena, err);
    if (!plan_columns(plan, 0, &x->arena, err))
        return false;
    logprobs_read(text->data, text->data + text->length, count, value, is_null);
    for (size_t i = 0; i < plan->length; i++) {
        if (plan->completion_only && plan->segment[i] != SEGMENT_COMPLETION)
            continue;
        if (plan->needed[i] && !fill_logprob(plan, i, entry, value[entry], is_null[entry], err))
            return false;
        entry++;
    }
    return true;
}
