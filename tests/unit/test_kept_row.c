/* test_kept_row.c - what samplers keep of rows of every kind: against a sort and sums in MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kept_row.h"
#include "core/kernels.h"

#include <stdio.h>

/* ---- the plain version ---- */

/* A logit as it is sorted, with its term: p relative to the largest. */
struct entry {
    double logit;
    mpfr_t term;
};

struct plain {
    struct entry *entry; /* descending, without masks */
    size_t count;        /* how many are kept */
    mpfr_t mass, all;    /* of those that are kept, and of the row */
    bool sure;           /* no mass is near an edge of those that count as equal */
};

static int by_logit(const void *a, const void *b)
{
    const double x = ((const struct entry *)a)->logit, y = ((const struct entry *)b)->logit;

    return (x < y) - (x > y);
}

/* c tanh(x / c) / T */
static void measure(mpfr_t out, double x, double temperature, double softcap)
{
    mpfr_set_d(out, x, MPFR_RNDN);
    if (softcap > 0) {
        mpfr_div_d(out, out, softcap, MPFR_RNDN);
        mpfr_tanh(out, out, MPFR_RNDN);
        mpfr_mul_d(out, out, softcap, MPFR_RNDN);
    }
    mpfr_div_d(out, out, temperature, MPFR_RNDN);
}

static void plain_init(struct plain *plain, const struct sample *s, double temperature,
                       double softcap)
{
    mpfr_t top;

    *plain = (struct plain){.entry = malloc(s->row.width * sizeof *plain->entry), .sure = true};
    for (size_t i = 0; i < s->row.width; i++)
        if (!isinf(s->exact[i]))
            plain->entry[plain->count++].logit = s->exact[i];
    qsort(plain->entry, plain->count, sizeof *plain->entry, by_logit);
    mpfr_inits2(EXACT_BITS, top, plain->mass, plain->all, (mpfr_ptr)NULL);
    measure(top, plain->entry[0].logit, temperature, softcap);
    mpfr_set_zero(plain->mass, 1);
    for (size_t i = 0; i < plain->count; i++) {
        mpfr_t *term = &plain->entry[i].term;

        mpfr_init2(*term, EXACT_BITS);
        measure(*term, plain->entry[i].logit, temperature, softcap);
        mpfr_sub(*term, *term, top, MPFR_RNDN);
        mpfr_set_prec(plain->all, 120); /* enough, and faster */
        mpfr_exp(plain->all, *term, MPFR_RNDN);
        mpfr_set(*term, plain->all, MPFR_RNDN);
        mpfr_add(plain->mass, plain->mass, *term, MPFR_RNDN);
    }
    mpfr_set_prec(plain->all, EXACT_BITS);
    mpfr_set(plain->all, plain->mass, MPFR_RNDN);
    mpfr_clear(top);
}

static void plain_free(struct plain *plain, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mpfr_clear(plain->entry[i].term);
    mpfr_clears(plain->mass, plain->all, (mpfr_ptr)NULL);
    free(plain->entry);
}

/* Keep the first `count`, and what is equal to the last of them. */
static void plain_cut(struct plain *plain, size_t count)
{
    while (count < plain->count && plain->entry[count].logit == plain->entry[count - 1].logit)
        count++;
    plain->count = count < plain->count ? count : plain->count;
    mpfr_set_zero(plain->mass, 1);
    for (size_t i = 0; i < plain->count; i++)
        mpfr_add(plain->mass, plain->mass, plain->entry[i].term, MPFR_RNDN);
}

/* Whether a mass, as a share, is below an edge. */
static bool is_below(struct plain *plain, mpfr_t share, double edge)
{
    mpfr_t apart;
    bool below;

    mpfr_init2(apart, EXACT_BITS);
    mpfr_sub_d(apart, share, edge, MPFR_RNDN);
    mpfr_add_d(apart, apart, SAMPLING_EQUAL, MPFR_RNDN);
    below = mpfr_sgn(apart) < 0;
    plain->sure &= fabs(mpfr_get_d(apart, MPFR_RNDN)) > 0x1p-43;
    mpfr_clear(apart);
    return below;
}

static void plain_top_p(struct plain *plain, double top_p)
{
    mpfr_t above, share;
    size_t count = 1;

    mpfr_inits2(EXACT_BITS, above, share, (mpfr_ptr)NULL);
    mpfr_set(above, plain->entry[0].term, MPFR_RNDN);
    for (size_t i = 1; i < plain->count; i++) {
        mpfr_div(share, above, plain->mass, MPFR_RNDN);
        if (plain->entry[i].logit != plain->entry[i - 1].logit && !is_below(plain, share, top_p))
            break;
        mpfr_add(above, above, plain->entry[i].term, MPFR_RNDN);
        count++;
    }
    plain_cut(plain, count);
    mpfr_clears(above, share, (mpfr_ptr)NULL);
}

static void plain_min_p(struct plain *plain, double min_p)
{
    mpfr_t short_of;
    size_t count = 1;

    mpfr_init2(short_of, EXACT_BITS);
    for (; count < plain->count; count++) { /* min_p of the largest, less this one */
        mpfr_d_sub(short_of, min_p, plain->entry[count].term, MPFR_RNDN);
        mpfr_div(short_of, short_of, plain->mass, MPFR_RNDN);
        if (!is_below(plain, short_of, 2 * SAMPLING_EQUAL))
            break;
    }
    plain_cut(plain, count);
    mpfr_clear(short_of);
}

/* -log p of the last that is stats. */
static void plain_nll(mpfr_t nll, const struct plain *plain, const struct transform *transform)
{
    mpfr_t last;

    mpfr_init2(last, EXACT_BITS);
    measure(nll, plain->entry[0].logit, transform->temperature, transform->softcap);
    measure(last, plain->entry[plain->count - 1].logit, transform->temperature, transform->softcap);
    mpfr_sub(nll, nll, last, MPFR_RNDN);
    mpfr_log(last, plain->mass, MPFR_RNDN);
    mpfr_add(nll, nll, last, MPFR_RNDN);
    mpfr_clear(last);
}

/* ---- comparing ---- */

static void check_kept(const struct kernel *kernel, const struct sample *s,
                       const struct transform *transform, const struct sampling *sampling,
                       struct plain *plain, const char *what)
{
    double *room = malloc(2 * s->row.width * sizeof *room);
    struct row_stats stats;
    struct row_fault fault;
    mpfr_t right;

    mpfr_init2(right, EXACT_BITS);
    ck_assert(
        kept_row_reduce(kernel, &s->row, transform, sampling, ROW_ENTROPY, room, &stats, &fault));
    if (plain->sure) {
        ck_assert_msg(stats.kept == plain->count
                          && stats.least == plain->entry[plain->count - 1].logit,
                      "%s %s: %zu of %zu are kept, not %zu; top_k %zu top_p %g min_p %g", what,
                      kernel->name, stats.kept, s->row.width, plain->count, sampling->top_k,
                      sampling->top_p, sampling->min_p);
        mpfr_div(right, plain->mass, plain->all, MPFR_RNDN);
        ck_assert_msg(error_units(stats.mass, right) <= 8, "%s: mass %.17g", what, stats.mass);
        plain_nll(right, plain, transform);
        ck_assert_msg(error_units(row_nll(&stats, transform, stats.least), right) <= 8,
                      "%s %s: %.17g", what, kernel->name, row_nll(&stats, transform, stats.least));
        ck_assert(isinf(row_nll(&stats, transform, nextafter(stats.least, -INFINITY))));
    }
    ck_assert(s->exact[stats.argmax] == stats.max);
    mpfr_clear(right);
    free(room);
}

/* Also the same bits by all kernels. */
static void check_sampling(const struct sample *s, double temperature, double softcap,
                           const struct sampling *sampling, const char *what, size_t *sure)
{
    const struct transform transform = transform_make(temperature, softcap);
    const struct kernel *kernel;
    struct plain plain;
    size_t all;

    plain_init(&plain, s, temperature, softcap);
    all = plain.count;
    if (sampling->top_k > 0)
        plain_cut(&plain, sampling->top_k < all ? sampling->top_k : all);
    if (sampling->top_p > 0)
        plain_top_p(&plain, sampling->top_p);
    if (sampling->min_p > 0)
        plain_min_p(&plain, sampling->min_p);
    for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
        check_kept(kernel, s, &transform, sampling, &plain, what);
    *sure += plain.sure;
    plain_free(&plain, all);
}

/* ---- rows of every kind ---- */

static const struct sampling samplings[] = {
    {1, 0, 0},       {2, 0, 0},       {50, 0, 0},     {1000000, 0, 0}, {0, 1, 0},
    {0, 0.9, 0},     {0, 0.5, 0},     {0, 1e-13, 0},  {0, 1e-6, 0},    {0, 0, 1},
    {0, 0, 0.05},    {0, 0, 1e-12},   {0, 0, 1e-300}, {7, 0.9, 0},     {7, 0.3, 0.2},
    {200, 1, 1e-5},  {0, 0.99, 0.01}, {3, 0, 0.9},    {0, 0.999, 0},   {0, 0.99999, 0},
    {130, 0.7, 0.1}, {0, 0.2, 1},     {0, 0, 0},
};

START_TEST(what_is_kept_is_what_a_sort_says)
{
    static const size_t widths[] = {1, 2, 3, 17, 127, 128, 129, 700};
    static const struct {
        double temperature, softcap;
    } how[] = {{1, 0}, {0.7, 0}, {30, 0}, {1, 30}, {1e-300, 0}, {1e300, 0}, {2, 1e17}};
    size_t sure = 0, all = 0;
    uint64_t state = 11;

    for (size_t n = 0; n < times(4 * KINDS * COUNT(widths)); n++) {
        const enum kind kind = (enum kind)(n % KINDS);
        const enum dtype dtype = (enum dtype)(n / KINDS % DTYPE_COUNT);
        const size_t width = widths[random_below(&state, COUNT(widths))];
        const size_t t = random_below(&state, 2) ? 0 : random_below(&state, COUNT(how));
        struct sample s;

        if (!fits(kind, dtype))
            continue;
        s = sample_make(kind, dtype, width, n);
        for (size_t k = 0; k < 3; k++, all++) {
            const struct sampling *sampling = &samplings[random_below(&state, COUNT(samplings))];
            char what[100];

            snprintf(what, sizeof what, "kind %d dtype %s temperature %g softcap %g", (int)kind,
                     dtype_name(dtype), how[t].temperature, how[t].softcap);
            check_sampling(&s, how[t].temperature, how[t].softcap, sampling, what, &sure);
        }
        sample_free(&s);
    }
    ck_assert_msg(sure > all * 9 / 10, "only %zu of %zu are sure", sure, all);
}
END_TEST

START_TEST(so_it_is_in_large_rows)
{
    static const enum kind kinds[] = {GAUSSIAN, CONSTANT, HALF_MASKED, TINY_BESIDE_40, TIES};
    size_t sure = 0;

    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct sample s = sample_make(kinds[i], i % 2 ? DTYPE_F64 : DTYPE_F32, 20000, 1);

        for (size_t k = 0; k < (is_long() ? COUNT(samplings) : 7); k++)
            check_sampling(&s, 1, 0, &samplings[k], "large", &sure);
        sample_free(&s);
    }
    ck_assert(sure > 0);
}
END_TEST

/* ---- masses that count as equal ---- */

/* Logits 0, n of them, and then -d, k of them.  Returns how many are stats. */
static size_t kept_of_two(size_t n, size_t k, double d, const struct sampling *sampling)
{
    double logits[64], room[128];
    const struct row row = {logits, n + k, DTYPE_F64};
    const struct transform transform = transform_make(1, 0);
    struct row_stats stats;
    struct row_fault fault;

    for (size_t i = 0; i < n + k; i++)
        logits[i] = i < n ? 0 : -d;
    ck_assert(kept_row_reduce(kernel_at(cpu_features(), 0), &row, &transform, sampling, 0, room,
                              &stats, &fault));
    return stats.kept;
}

START_TEST(masses_within_2_40_are_equal)
{
    static const double apart[] = {0,        0x1p-45,
                                   -0x1p-45, 0.9 * SAMPLING_EQUAL,
                                   -0x1p-41, 1.1 * SAMPLING_EQUAL,
                                   0x1p-30,  -1.1 * SAMPLING_EQUAL,
                                   -0x1p-30};
    uint64_t state = 3;

    for (size_t i = 0; i < times(500); i++) {
        const size_t n = 1 + random_below(&state, 30), k = 1 + random_below(&state, 30);
        const double d = 3 * random_unit(&state), away = apart[i % COUNT(apart)];
        const double above = (double)n / ((double)n + (double)k * exp(-d)), least = exp(-d);
        const double one = 1 / ((double)n + (double)k * exp(-d)); /* the largest p */

        ck_assert_uint_eq(kept_of_two(n, k, d, &(struct sampling){0, above + away, 0}),
                          away > SAMPLING_EQUAL ? n + k : n);
        if (least + away / one <= 1)
            ck_assert_uint_eq(kept_of_two(n, k, d, &(struct sampling){0, 0, least + away / one}),
                              away > SAMPLING_EQUAL ? n : n + k);
    }
}
END_TEST

/* Logits that doubles tell apart, with masses that they do not. */
START_TEST(neighbours_are_two_logits)
{
    enum { WIDTH = 300 };
    double logits[WIDTH];
    struct sample s = {{logits, WIDTH, DTYPE_F64}, logits};
    size_t sure = 0;

    for (size_t i = 0; i < WIDTH; i++)
        logits[i] = 1 + (double)(i * 7 % WIDTH) * 0x1p-52;
    for (size_t k = 1; k <= WIDTH; k += 13)
        check_sampling(&s, 1, 0, &(struct sampling){k, 0, 0}, "neighbours", &sure);
    for (size_t k = 1; k < WIDTH; k += 13)
        check_sampling(&s, 1, 0, &(struct sampling){0, ((double)k - 0.5) / WIDTH, 0}, "neighbours",
                       &sure);
    for (size_t i = 0; i < WIDTH; i++)
        logits[i] = i % 3 ? -0.0 : 0.0;
    check_sampling(&s, 1, 0, &(struct sampling){0, 0.5, 0}, "zeros", &sure);
    ck_assert_uint_eq(sure, 24 + 23 + 1);
}
END_TEST

/* ---- masks in place of what is not kept ---- */

START_TEST(a_masked_row_has_the_same_distribution)
{
    struct sample s = sample_make(HALF_MASKED, DTYPE_BF16, 500, 5);
    double room[1000], masked[500];
    const struct transform transform = transform_make(0.7, 0);
    const struct kernel *kernel = kernel_at(cpu_features(), 0);
    const struct row row = {masked, 500, DTYPE_F64};
    struct row_stats stats, other;
    struct row_fault fault;

    ck_assert(kept_row_reduce(kernel, &s.row, &transform, &(struct sampling){0, 0.9, 0}, 0, room,
                              &stats, &fault));
    kept_row_mask(&stats, &s.row, masked);
    ck_assert(kernel->reduce(&row, &transform, 0, &other, &fault));
    ck_assert(stats.max == other.max && stats.argmax == other.argmax);
    ck_assert(fabs(stats.rest.hi - other.rest.hi) <= 0x1p-50 * stats.rest.hi);
    sample_free(&s);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_is_kept_is_what_a_sort_says,       so_it_is_in_large_rows,
                                  masses_within_2_40_are_equal,           neighbours_are_two_logits,
                                  a_masked_row_has_the_same_distribution, NULL};

    return suite_main("kept_row", tests);
}
