/* compare_rows.c - the rows of two models, one beside the other. */
#include "api/compare.h"

#include "api/numbers.h"

/* The rows of a model: those that were kept, or read again as another dtype. */
struct source {
    const struct plan *plan;
    char *again; /* NULL: as they were kept */
};

static bool read_again(struct source *source, struct exchange *x)
{
    const struct output *output = &source->plan->output;
    const struct text *text = &output->span->text.text;
    const size_t size = dtype_size(output->dtype);
    struct piece piece = {
        .start = text->data, .at = text->data, .end = text->data + text->length, .last = true};
    struct numbers numbers;

    source->again = arena_alloc(&x->arena, output->rows, output->width * size);
    if (!source->again)
        return arena_fail(&x->arena, &x->error);
    numbers_init(&numbers, x->api->reader, output->dtype, false, &x->arena);
    for (size_t index = 0; index < output->rows; index++) {
        numbers.out = source->again + index * output->width * size;
        numbers.room = output->width;
        numbers_next(&numbers, &piece);
    }
    return true;
}

static bool source_open(struct source *source, const struct plan *plan, struct exchange *x)
{
    const struct output *output = &plan->output;

    *source = (struct source){.plan = plan};
    return output->kind != OUTPUT_ROWS || output->dtype == output->span->intake.dtype
           || read_again(source, x);
}

/* The row about a token. */
static struct row source_row(const struct source *source, size_t token)
{
    const struct output *output = &source->plan->output;
    const size_t index = token - plan_shift(source->plan);
    const size_t bytes = output->width * dtype_size(output->dtype);

    if (source->again)
        return (struct row){source->again + index * bytes, output->width, output->dtype};
    return intake_row(&output->span->intake, index);
}

static struct row_stats reduce(const struct row *row, const struct transform *transform,
                               const struct kernel *kernel)
{
    struct row_stats stats = {0};
    struct row_fault fault;

    kernel->reduce(row, transform, 0, &stats, &fault); /* it was judged when it was scored */
    return stats;
}

static struct divergence compare(const struct source *a, const struct source *b, size_t token,
                                 const struct kernel *kernel)
{
    const struct row row_a = source_row(a, token), row_b = source_row(b, token);
    const struct row_stats stats_a = reduce(&row_a, &a->plan->transform, kernel);
    const struct row_stats stats_b = reduce(&row_b, &b->plan->transform, kernel);
    const struct side side_a = {&row_a, &a->plan->transform, &stats_a};
    const struct side side_b = {&row_b, &b->plan->transform, &stats_b};

    return divergence_of(&side_a, &side_b);
}

static bool has_rows(const struct plan *plan)
{
    return plan->output.kind != OUTPUT_LOGPROBS;
}

/* Whether some objective scores a token. */
static bool is_compared(const struct pair *pair, size_t token)
{
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        if (pair_has(pair, id, token))
            return true;
    return false;
}

static bool charge(const struct pair *pair, struct exchange *x)
{
    uint64_t each = 2 + WORK_DIVERGENCE;

    for (size_t i = 0; i < 2; i++)
        each += pair->model[i]->transform.softcap > 0 ? 2 * WORK_SOFTCAP : 0;
    return work_charge_each(&x->work, pair->model[0]->output.width, each, &x->error);
}

/* Log-probabilities without ids say themselves how many tokens there are. */
static bool check_lengths(const struct plan *a, const struct plan *b, struct error *err)
{
    return a->length == b->length
           || member_fail(&b->members, FIELD_logprobs, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "the tokens differ: %zu, and %zu of the first model", b->length,
                          a->length);
}

bool pair_read_rows(struct pair *pair, struct exchange *x)
{
    const struct plan *a = pair->model[0], *b = pair->model[1];
    struct source source_a, source_b;

    if (!check_lengths(a, b, &x->error))
        return false;
    if (!has_rows(a) || !has_rows(b))
        return true;
    if (a->output.width != b->output.width)
        return member_fail(&b->members, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, &x->error,
                           "the vocabularies differ: %zu, and %zu of the first model",
                           b->output.width, a->output.width);
    pair->row = arena_new(&x->arena, struct divergence, a->length);
    if (!pair->row)
        return arena_fail(&x->arena, &x->error);
    if (!source_open(&source_a, a, x) || !source_open(&source_b, b, x))
        return false;
    for (size_t token = 0; token < a->length; token++) {
        if (!is_compared(pair, token))
            continue;
        if (!charge(pair, x))
            return false;
        pair->row[token] = compare(&source_a, &source_b, token, x->api->kernel);
    }
    return true;
}
