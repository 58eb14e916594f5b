/* pair_rows.c - compares the rows of two models. */
#include "api/routes/compare/pair_rows.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_answer.h"
#include "api/plan/model_output.h"
#include "api/score/row_source.h"

static struct row_stats reduce(const struct row *row, const struct transform *transform,
                               const struct kernel *kernel)
{
    struct row_stats stats = {0};
    struct row_fault fault;

    kernel->reduce(row, transform, 0, &stats, &fault); /* cannot fail: the row was scored */
    return stats;
}

static struct divergence compare(const struct row *a, const struct transform *transform_a,
                                 const struct row *b, const struct transform *transform_b,
                                 const struct kernel *kernel)
{
    const struct row_stats stats_a = reduce(a, transform_a, kernel);
    const struct row_stats stats_b = reduce(b, transform_b, kernel);
    const struct side side_a = {a, transform_a, &stats_a}, side_b = {b, transform_b, &stats_b};

    return divergence_of(&side_a, &side_b);
}

/* ---- remembered comparisons ---- */

/* The rows of two models, and their divergences. */
struct met {
    struct row_source source[2];
    struct divergence *of; /* by row of the first model ... */
    bool *known;           /* ... if it was computed */
};

/* The numbers that a plan's rows are read from. */
static const void *numbers_of(const struct plan *plan)
{
    return plan->output.kind == OUTPUT_MATRIX ? plan->output.answer->matrix
                                              : (const void *)plan->output.span;
}

static bool is_same_source(const struct plan *a, const struct plan *b)
{
    return numbers_of(a) == numbers_of(b) && a->output.dtype == b->output.dtype
           && a->transform.temperature == b->transform.temperature
           && a->transform.softcap == b->transform.softcap;
}

/* The distance from a row of the second model to the row of the first one for the same token; it
 * may wrap. */
static size_t lag(const struct plan *a, const struct plan *b)
{
    return plan_row_of(b, 0) - plan_row_of(a, 0);
}

static bool is_same(const struct met *met, const struct plan *a, const struct plan *b)
{
    const struct plan *met_a = met->source[0].plan, *met_b = met->source[1].plan;

    return is_same_source(met_a, a) && is_same_source(met_b, b) && lag(met_a, met_b) == lag(a, b);
}

static struct met *met_new(const struct plan *a, const struct plan *b, struct exchange *x)
{
    struct met *met = arena_new(&x->arena, struct met, 1);

    if (met) {
        met->of = arena_new(&x->arena, struct divergence, a->output.rows);
        met->known = arena_new(&x->arena, bool, a->output.rows);
    }
    if (met && met->of && met->known)
        return row_source_open(&met->source[0], a, x) && row_source_open(&met->source[1], b, x)
                   ? met
                   : NULL;
    arena_fail(&x->arena, &x->error);
    return NULL;
}

/* The rows of two plans, remembered or opened.  NULL with x->error set. */
static struct met *meet(struct rows_met *rows, const struct plan *a, const struct plan *b,
                        struct exchange *x)
{
    const size_t count = rows->count < ROWS_MET ? rows->count : ROWS_MET;
    struct met *met;

    for (size_t i = 0; i < count; i++)
        if (is_same(rows->met[i], a, b))
            return rows->met[i];
    met = met_new(a, b, x);
    if (met)
        rows->met[rows->count++ % ROWS_MET] = met;
    return met;
}

/* ---- pairs ---- */

static bool charge(const struct pair *pair, struct exchange *x)
{
    uint64_t each = 2 + WORK_DIVERGENCE;

    for (size_t i = 0; i < 2; i++)
        each += pair->model[i]->plan.transform.softcap > 0 ? 2 * WORK_SOFTCAP : 0;
    return work_charge_each(&x->work, pair->model[0]->plan.output.width, each, &x->error);
}

/* Compute the divergence of the rows of a token, unless it is known. */
static bool compare_token(const struct pair *pair, struct met *met, size_t token,
                          struct exchange *x)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    const size_t index = plan_row_of(a, token);
    const struct row row_a = row_source_row(&met->source[0], index);
    const struct row row_b = row_source_row(&met->source[1], plan_row_of(b, token));

    if (met->known[index])
        return true;
    if (!charge(pair, x))
        return false;
    met->of[index] = compare(&row_a, &a->transform, &row_b, &b->transform, x->api->kernel);
    met->known[index] = true;
    return true;
}

bool pair_read_rows(struct pair *pair, struct rows_met *rows, struct exchange *x)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    struct met *met;

    if (!plan_has_rows(a) || !plan_has_rows(b))
        return true;
    if (a->output.width != b->output.width)
        return member_fail(&b->path, model_output_field(b), NO_ELEMENT, ERR_BAD_COUNT, &x->error,
                           "the vocabularies differ: %zu, and %zu of the first model",
                           b->output.width, a->output.width);
    pair->row = arena_new(&x->arena, struct divergence, a->length);
    if (!pair->row)
        return arena_fail(&x->arena, &x->error);
    met = meet(rows, a, b, x);
    for (size_t token = 0; met && token < a->length; token++) {
        if (!pair_compares(pair, token))
            continue;
        if (!compare_token(pair, met, token, x))
            return false;
        pair->row[token] = met->of[plan_row_of(a, token)];
    }
    return met != NULL;
}
