/* test_divergence.c - against MPFR, by the definitions and not by the formulas that are used. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/divergence.h"
#include "core/kernels.h"

#include <stdio.h>

#define WIDEST 700

/* What a divergence may be off by: relative to it, or (rows that are all but the same) at all. */
#define RELATIVE 1e-12
#define ABSOLUTE 1e-28
#define VARIATION_ABSOLUTE 4e-15

/* ln p of each logit of a row, exactly; +1 for a mask. */
static void exact_row(mpfr_t *out, const float *logits, size_t width, double temperature)
{
    mpfr_t sum, term;

    mpfr_inits2(EXACT_BITS, sum, term, (mpfr_ptr)NULL);
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < width; i++) {
        mpfr_set_d(out[i], logits[i], MPFR_RNDN);
        mpfr_div_d(out[i], out[i], temperature, MPFR_RNDN);
        mpfr_exp(term, out[i], MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
    }
    mpfr_log(sum, sum, MPFR_RNDN);
    for (size_t i = 0; i < width; i++)
        mpfr_sub(out[i], out[i], sum, MPFR_RNDN);
    mpfr_clears(sum, term, (mpfr_ptr)NULL);
}

/* out += e^x (x - y); 0 where x is -inf. */
static void add_kl(mpfr_t out, mpfr_t x, mpfr_t y, mpfr_t work, mpfr_t p)
{
    if (mpfr_inf_p(x))
        return;
    mpfr_exp(p, x, MPFR_RNDN);
    mpfr_sub(work, x, y, MPFR_RNDN);
    mpfr_mul(work, work, p, MPFR_RNDN);
    mpfr_add(out, out, work, MPFR_RNDN);
}

enum { KL_AB, KL_BA, JSD, VARIATION, KINDS };

static void exact_divergence(mpfr_t *out, mpfr_t *a, mpfr_t *b, size_t width)
{
    mpfr_t p, q, work, middle;

    mpfr_inits2(EXACT_BITS, p, q, work, middle, (mpfr_ptr)NULL);
    for (size_t k = 0; k < KINDS; k++)
        mpfr_set_zero(out[k], 1);
    for (size_t i = 0; i < width; i++) {
        if (mpfr_inf_p(a[i]) && mpfr_inf_p(b[i]))
            continue;
        add_kl(out[KL_AB], a[i], b[i], work, p);
        add_kl(out[KL_BA], b[i], a[i], work, p);
        mpfr_exp(p, a[i], MPFR_RNDN);
        mpfr_exp(q, b[i], MPFR_RNDN);
        mpfr_add(middle, p, q, MPFR_RNDN);
        mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
        mpfr_log(middle, middle, MPFR_RNDN);
        mpfr_sub(work, p, q, MPFR_RNDN);
        mpfr_abs(work, work, MPFR_RNDN);
        mpfr_add(out[VARIATION], out[VARIATION], work, MPFR_RNDN);
        add_kl(out[JSD], a[i], middle, work, p);
        add_kl(out[JSD], b[i], middle, work, p);
    }
    mpfr_div_2ui(out[JSD], out[JSD], 1, MPFR_RNDN);
    mpfr_div_2ui(out[VARIATION], out[VARIATION], 1, MPFR_RNDN);
    mpfr_clears(p, q, work, middle, (mpfr_ptr)NULL);
}

static struct divergence run(const struct kernel *kernel, const float *a, const float *b,
                             size_t width, double ta, double tb)
{
    const struct row row_a = {a, width, DTYPE_F32}, row_b = {b, width, DTYPE_F32};
    const struct transform transform_a = transform_make(ta, 0), transform_b = transform_make(tb, 0);
    struct row_stats stats_a, stats_b;
    struct row_fault fault;
    const struct side side_a = {&row_a, &transform_a, &stats_a};
    const struct side side_b = {&row_b, &transform_b, &stats_b};

    ck_assert(kernel->reduce(&row_a, &transform_a, 0, &stats_a, &fault));
    ck_assert(kernel->reduce(&row_b, &transform_b, 0, &stats_b, &fault));
    return divergence_of(&side_a, &side_b);
}

static double worst[KINDS];

static void check_value(size_t kind, double got, mpfr_t exact, double absolute)
{
    const double right = mpfr_get_d(exact, MPFR_RNDN), off = fabs(got - right);

    if (isinf(right) || isinf(got)) {
        ck_assert_msg(got == right, "%zu: %.17g, not %.17g", kind, got, right);
        return;
    }
    ck_assert_msg(off <= RELATIVE * right + absolute, "%zu: %.17g, not %.17g", kind, got, right);
    ck_assert(got >= 0);
    if (right > 1e-3 * absolute / RELATIVE && off / right > worst[kind])
        worst[kind] = off / right;
}

static void check_rows(const float *a, const float *b, size_t width, double ta, double tb)
{
    static mpfr_t exact_a[WIDEST], exact_b[WIDEST], out[KINDS];
    static bool made;
    const struct divergence got = run(kernel_find(0, "scalar"), a, b, width, ta, tb);
    const double values[KINDS] = {got.kl_ab, got.kl_ba, got.jsd, got.total_variation};

    for (size_t i = 0; !made && i < WIDEST; i++)
        mpfr_inits2(EXACT_BITS, exact_a[i], exact_b[i], (mpfr_ptr)NULL);
    for (size_t i = 0; !made && i < KINDS; i++)
        mpfr_init2(out[i], EXACT_BITS);
    made = true;
    exact_row(exact_a, a, width, ta);
    exact_row(exact_b, b, width, tb);
    exact_divergence(out, exact_a, exact_b, width);
    for (size_t kind = 0; kind < KINDS; kind++)
        check_value(kind, values[kind], out[kind],
                    kind == VARIATION ? VARIATION_ABSOLUTE : ABSOLUTE);
}

/* Rows from all but the same to unrelated, peaked and flat, some with masks. */
START_TEST(divergences_are_the_exact_ones)
{
    uint64_t state = 11;
    float a[WIDEST], b[WIDEST];

    for (size_t n = 0; n < times(40); n++) {
        const size_t width = 1 + random_below(&state, WIDEST);
        const double spread = (double)(1 + random_below(&state, 12));
        const double noise = ldexp(8, -(int)random_below(&state, 27));
        const bool masks = n % 5 == 0;

        for (size_t i = 0; i < width; i++) {
            a[i] = (float)(spread * random_normal(&state));
            b[i] = (float)(a[i] + noise * random_normal(&state));
            if (masks && i > 0 && random_below(&state, 20) == 0)
                a[i] = b[i] = -INFINITY;
            if (masks && n % 2 == 0 && i > 0 && random_below(&state, 100) == 0)
                b[i] = -INFINITY;
        }
        check_rows(a, b, width, 1, 1);
        if (n % 7 == 0) /* rounding x / T shows where the rows are close: only far ones */
            check_rows(a, b, width, 0.7, noise > 0.1 ? 1.3 : 0.7);
    }
    printf("worst relative errors: KL %.2g %.2g, JSD %.2g, TV %.2g\n", worst[KL_AB], worst[KL_BA],
           worst[JSD], worst[VARIATION]);
}
END_TEST

/* Hand-made rows. */
static const struct {
    size_t width;
    float a[4], b[4];
    double kl_ab, kl_ba, jsd, variation;
    bool same_top;
} cases[] = {
    {2, {0, 0}, {5, 5}, 0, 0, 0, 0, true},
    {1, {3}, {-7}, 0, 0, 0, 0, true},
    /* (1/2, 1/2) and (1, 0) */
    {2, {0, 0}, {0, -INFINITY}, INFINITY, M_LN2, 0.21576155433883565, 0.5, true},
    {2, {0, -INFINITY}, {0, 0}, M_LN2, INFINITY, 0.21576155433883565, 0.5, true},
    /* nothing in common */
    {2, {0, -INFINITY}, {-INFINITY, 0}, INFINITY, INFINITY, M_LN2, 1, false},
    {3, {0, -INFINITY, -INFINITY}, {0, -INFINITY, -INFINITY}, 0, 0, 0, 0, true},
    /* all but nothing: e^-2000 is not 0, it only cannot be told */
    {2, {1000, -1000}, {1000, -INFINITY}, INFINITY, 0, 0, 0, true},
    {2, {1000, -1000}, {-1000, 1000}, 2000, 2000, M_LN2, 1, false},
    {2, {3e38f, -3e38f}, {3e38f, -3e38f}, 0, 0, 0, 0, true},
    {2, {1000, -1000}, {1000, -900}, 0, 0, 0, 0, true},
};

START_TEST(edges_are_as_defined)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct divergence got =
            run(kernel_find(0, "scalar"), cases[i].a, cases[i].b, cases[i].width, 1, 1);
        const double values[] = {got.kl_ab, got.kl_ba, got.jsd, got.total_variation};
        const double right[] = {cases[i].kl_ab, cases[i].kl_ba, cases[i].jsd, cases[i].variation};

        for (size_t k = 0; k < COUNT(values); k++)
            ck_assert_msg(values[k] == right[k] || fabs(values[k] - right[k]) <= 1e-15 * right[k],
                          "%zu %zu: %.17g, not %.17g", i, k, values[k], right[k]);
        ck_assert_int_eq(got.same_top, cases[i].same_top);
    }
}
END_TEST

/* Rounding takes nothing past ln 2, or past 1. */
START_TEST(what_has_nothing_in_common_is_at_the_limit)
{
    float a[WIDEST], b[WIDEST];

    for (size_t width = 2; width <= WIDEST; width++) {
        struct divergence got;

        for (size_t i = 0; i < width; i++) {
            a[i] = i % 2 ? -INFINITY : (float)(i % 5);
            b[i] = i % 2 ? (float)(i % 3) : -INFINITY;
        }
        got = run(kernel_find(0, "scalar"), a, b, width, 1, 1);
        ck_assert(got.jsd <= M_LN2 && got.jsd > M_LN2 - 1e-14);
        ck_assert(got.total_variation <= 1 && got.total_variation > 1 - 1e-14);
    }
}
END_TEST

/* The temperature and the softcap may drive x / T beyond what doubles hold. */
START_TEST(extremes_are_never_nan)
{
    static const double temperatures[] = {1e-308, 1e-3, 1, 1e300};
    static const double data[][3] = {
        {1e308, -1e308, 0}, {-1e300, -2e300, 5}, {1, 2, 3}, {0, -INFINITY, -1e-300}};

    for (size_t n = 0; n < 4 * 4 * 4 * 4 * 2; n++) {
        const struct row row_a = {data[n % 4], 3, DTYPE_F64},
                         row_b = {data[n / 4 % 4], 3, DTYPE_F64};
        const struct transform a = transform_make(temperatures[n / 16 % 4], n / 256 ? 5 : 0);
        const struct transform b = transform_make(temperatures[n / 64 % 4], 0);
        const struct kernel *kernel = kernel_find(0, "scalar");
        struct row_stats stats_a, stats_b;
        struct row_fault fault;
        struct divergence got;

        ck_assert(kernel->reduce(&row_a, &a, 0, &stats_a, &fault)
                  && kernel->reduce(&row_b, &b, 0, &stats_b, &fault));
        got = divergence_of(&(struct side){&row_a, &a, &stats_a},
                            &(struct side){&row_b, &b, &stats_b});
        ck_assert_msg(got.kl_ab >= 0 && got.kl_ba >= 0 && got.jsd >= 0 && got.jsd <= M_LN2
                          && got.total_variation >= 0 && got.total_variation <= 1,
                      "%zu: %g %g %g %g", n, got.kl_ab, got.kl_ba, got.jsd, got.total_variation);
    }
}
END_TEST

START_TEST(kernels_make_no_difference)
{
    uint64_t state = 3;
    float a[WIDEST], b[WIDEST];

    for (size_t n = 0; n < 50; n++) {
        const size_t width = 1 + random_below(&state, WIDEST);
        struct divergence right, got;
        const struct kernel *kernel;

        for (size_t i = 0; i < width; i++) {
            a[i] = (float)(6 * random_normal(&state));
            b[i] = (float)(6 * random_normal(&state));
        }
        right = run(kernel_find(0, "scalar"), a, b, width, 0.9, 1.1);
        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)); k++) {
            got = run(kernel, a, b, width, 0.9, 1.1);
            ck_assert(got.kl_ab == right.kl_ab && got.kl_ba == right.kl_ba && got.jsd == right.jsd
                      && got.total_variation == right.total_variation);
        }
        got = run(kernel_find(0, "scalar"), b, a, width, 1.1, 0.9);
        ck_assert_msg(fabs(got.kl_ab - right.kl_ba) <= RELATIVE * got.kl_ab, "not mirrored");
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {divergences_are_the_exact_ones,
                                  edges_are_as_defined,
                                  what_has_nothing_in_common_is_at_the_limit,
                                  extremes_are_never_nan,
                                  kernels_make_no_difference,
                                  NULL};

    return suite_main("divergence", tests);
}
