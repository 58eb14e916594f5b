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

    return divergence_of(kernel, &side_a, &side_b);
}

/* ---- remembered comparisons ---- */

/* The rows of two models, and their divergences. */
struct met {
    struct row_source source[2];
    const struct asked *asked;
    struct divergence *of; /* by row of the first model ... */
    struct meeting *more;  /* NULL: nothing more is asked */
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
           && a->transform.softcap == b->transform.softcap
           && sampling_is_same(&a->sampling, &b->sampling);
}

/* The distance from a row of the second model to the row of the first one for the same token; it
 * may wrap. */
static size_t lag(const struct plan *a, const struct plan *b)
{
    return plan_row_of(b, 0) - plan_row_of(a, 0);
}

static bool is_same(const struct met *met, const struct pair *pair)
{
    const struct plan *met_a = met->source[0].plan, *met_b = met->source[1].plan;
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;

    return is_same_source(met_a, a) && is_same_source(met_b, b) && lag(met_a, met_b) == lag(a, b)
           && asked_is_same(met->asked, &pair->asked);
}

static bool met_columns(struct met *met, size_t rows, struct arena *arena)
{
    met->of = arena_new(arena, struct divergence, rows);
    met->known = arena_new(arena, bool, rows);
    if (asked_of_rows(met->asked))
        met->more = arena_new(arena, struct meeting, rows);
    return met->of && met->known && (met->more || !asked_of_rows(met->asked));
}

static struct met *met_new(const struct pair *pair, struct exchange *x)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    struct met *met = arena_new(&x->arena, struct met, 1);

    if (met)
        met->asked = &pair->asked;
    if (met && met_columns(met, a->output.rows, &x->arena))
        return row_source_open(&met->source[0], a, x) && row_source_open(&met->source[1], b, x)
                   ? met
                   : NULL;
    arena_fail(&x->arena, &x->error);
    return NULL;
}

/* The rows of a pair, remembered or opened.  NULL with x->error set. */
static struct met *meet(struct rows_met *rows, const struct pair *pair, struct exchange *x)
{
    const size_t count = rows->count < ROWS_MET ? rows->count : ROWS_MET;
    struct met *met;

    for (size_t i = 0; i < count; i++)
        if (is_same(rows->met[i], pair))
            return rows->met[i];
    met = met_new(pair, x);
    if (met)
        rows->met[rows->count++ % ROWS_MET] = met;
    return met;
}

/* ---- pairs ---- */

static size_t capped(const struct pair *pair)
{
    return (size_t)(pair->model[0]->plan.transform.softcap > 0)
           + (size_t)(pair->model[1]->plan.transform.softcap > 0);
}

static bool charge(const struct pair *pair, struct exchange *x)
{
    const size_t width = pair->model[1]->plan.output.width;

    return work_charge_each(&x->work, width, 2 + WORK_DIVERGENCE + 2 * capped(pair) * WORK_SOFTCAP,
                            &x->error)
           && (!asked_of_rows(&pair->asked)
               || meeting_charge(&pair->asked, width, capped(pair), &x->work, &x->error));
}

/* Compare the rows of a token, unless that was done. */
static bool compare_token(const struct pair *pair, struct met *met, size_t token,
                          const struct meeting_room *room, struct exchange *x)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    const size_t index = plan_row_of(a, token);
    const struct row row_a = row_source_row(&met->source[0], index);
    const struct row row_b = row_source_row(&met->source[1], plan_row_of(b, token));
    const struct turned turned_a = {&row_a, &a->transform}, turned_b = {&row_b, &b->transform};

    if (met->known[index])
        return true;
    if (!charge(pair, x))
        return false;
    met->of[index] = compare(&row_a, &a->transform, &row_b, &b->transform, x->api->kernel);
    if (met->more)
        met->more[index] = meeting_of(&pair->asked, &turned_a, &turned_b, room, x->api->kernel);
    met->known[index] = true;
    return true;
}

/* Take the results of a token. */
static void take(struct pair *pair, const struct met *met, size_t token)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    const size_t index = plan_row_of(a, token);
    struct row row;

    pair->row[token] = met->of[index];
    if (pair->more)
        pair->more[token] = met->more[index];
    if (!pair->above)
        return;
    row = row_source_row(&met->source[1], plan_row_of(b, token));
    pair->above[token] = crossing_above(&met->more[index].crossing, &b->transform,
                                        row_logit(&row, (size_t)b->ids[token]));
}

static bool make_columns(struct pair *pair, struct exchange *x)
{
    const size_t length = pair->model[0]->plan.length;

    pair->row = arena_new(&x->arena, struct divergence, length);
    if (asked_of_rows(&pair->asked))
        pair->more = arena_new(&x->arena, struct meeting, length);
    if (pair->asked.crosses)
        pair->above = arena_new(&x->arena, struct dd, length);
    return (pair->row && (pair->more || !asked_of_rows(&pair->asked))
            && (pair->above || !pair->asked.crosses))
           || arena_fail(&x->arena, &x->error);
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
    if (!make_columns(pair, x)
        || !meeting_room_fit(&rows->room, b->output.width, &x->arena, &x->error))
        return false;
    met = meet(rows, pair, x);
    for (size_t token = 0; met && token < a->length; token++) {
        if (!pair_compares(pair, token))
            continue;
        if (!compare_token(pair, met, token, &rows->room, x))
            return false;
        take(pair, met, token);
    }
    return met != NULL;
}
