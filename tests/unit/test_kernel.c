/* test_kernel.c - rows of logits of every kind, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include <stdio.h>

/* ---- the oracle: log sum exp and entropy in 300 bits ---- */

struct oracle {
    mpfr_t rest, log1p, entropy, term, distance;
    size_t argmax;
    double max;
};

static void oracle_run(struct oracle *o, const struct sample *s, double temperature, bool entropy)
{
    mpfr_inits2(EXACT_BITS, o->rest, o->log1p, o->entropy, o->term, o->distance, (mpfr_ptr)NULL);
    mpfr_set_zero(o->rest, 1);
    mpfr_set_zero(o->entropy, 1);
    o->argmax = 0;
    for (size_t i = 1; i < s->row.width; i++)
        if (s->exact[i] > s->exact[o->argmax])
            o->argmax = i;
    o->max = s->exact[o->argmax];
    for (size_t i = 0; i < s->row.width; i++) {
        const double x = s->exact[i];

        if (i == o->argmax || isinf(x) || (o->max - x) / temperature > 1400)
            continue;
        mpfr_set_d(o->distance, x, MPFR_RNDN);
        mpfr_sub_d(o->distance, o->distance, o->max, MPFR_RNDN);
        mpfr_div_d(o->distance, o->distance, temperature, MPFR_RNDN);
        mpfr_set_prec(o->term, 100); /* enough, and ten times as fast */
        mpfr_exp(o->term, o->distance, MPFR_RNDN);
        mpfr_add(o->rest, o->rest, o->term, MPFR_RNDN);
        if (entropy) {
            mpfr_mul(o->distance, o->distance, o->term, MPFR_RNDN);
            mpfr_sub(o->entropy, o->entropy, o->distance, MPFR_RNDN);
        }
    }
    mpfr_log1p(o->log1p, o->rest, MPFR_RNDN);
    mpfr_set_prec(o->term, EXACT_BITS);
    mpfr_add_ui(o->term, o->rest, 1, MPFR_RNDN);
    mpfr_div(o->entropy, o->entropy, o->term, MPFR_RNDN);
    mpfr_add(o->entropy, o->entropy, o->log1p, MPFR_RNDN);
}

static void oracle_nll(struct oracle *o, double logit, double temperature, mpfr_t nll)
{
    mpfr_set_d(nll, o->max, MPFR_RNDN);
    mpfr_sub_d(nll, nll, logit, MPFR_RNDN);
    mpfr_div_d(nll, nll, temperature, MPFR_RNDN);
    mpfr_add(nll, nll, o->log1p, MPFR_RNDN);
}

static void oracle_free(struct oracle *o)
{
    mpfr_clears(o->rest, o->log1p, o->entropy, o->term, o->distance, (mpfr_ptr)NULL);
}

/* ---- tests ---- */

/* What docs/numerics.md promises. */
#define NLL_BOUND 8.0
#define ENTROPY_BOUND 16.0

static double worst_units, worst_cold, worst_entropy;

static void check_row(enum kind kind, enum dtype dtype, size_t width, double temperature)
{
    struct sample s = sample_make(kind, dtype, width, 7);
    const struct transform transform = transform_make(temperature, 0);
    const struct kernel *kernel = kernel_at(cpu_features(), 0);
    const size_t targets[] = {0, width / 2, width - 1, width / 3};
    struct row_stats stats;
    struct row_fault fault;
    struct oracle o;
    mpfr_t nll;

    mpfr_init2(nll, EXACT_BITS);
    ck_assert_msg(kernel->reduce(&s.row, &transform, ROW_ENTROPY, &stats, &fault),
                  "kind %d width %zu", (int)kind, width);
    oracle_run(&o, &s, temperature, true);
    ck_assert_uint_eq(stats.argmax, o.argmax);
    for (size_t i = 0; i <= COUNT(targets); i++) {
        const size_t target = i < COUNT(targets) ? targets[i] : o.argmax;
        const double logit = row_logit(&s.row, target);
        double units;

        if (isinf(logit)) {
            ck_assert(isinf(row_nll(&stats, &transform, logit)));
            continue;
        }
        oracle_nll(&o, logit, temperature, nll);
        if (mpfr_get_d(nll, MPFR_RNDN) < 1e-290)
            continue; /* R is subnormal: no digits left to compare */
        units = error_units(row_nll(&stats, &transform, logit), nll);
        ck_assert_msg(units <= NLL_BOUND, "kind %d dtype %s width %zu T %g: %g units", (int)kind,
                      dtype_name(dtype), width, temperature, units);
        if (temperature == 1 && units > worst_units)
            worst_units = units;
        if (temperature != 1 && units > worst_cold)
            worst_cold = units;
    }
    if (mpfr_get_d(o.entropy, MPFR_RNDN) > 1e-280) {
        const double units = error_units(stats.entropy, o.entropy);

        ck_assert_msg(units <= ENTROPY_BOUND, "kind %d width %zu T %g: entropy %g units", (int)kind,
                      width, temperature, units);
        worst_entropy = units > worst_entropy ? units : worst_entropy;
    } else {
        ck_assert(stats.entropy < 1e-270);
    }
    mpfr_clear(nll);
    oracle_free(&o);
    sample_free(&s);
}

START_TEST(every_kind_of_row_is_within_the_bound)
{
    static const size_t widths[] = {1,   2,   3,   5,    15,   16,   17,   31,   64,  100,
                                    255, 256, 257, 1000, 2047, 2048, 2049, 4096, 9000};
    static const double temperatures[] = {1, 1, 0.3, 0.7, 2, 1e-3, 100};

    for (enum kind kind = 0; kind < KINDS; kind++)
        for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
            for (size_t w = 0; w < COUNT(widths); w++)
                if (fits(kind, dtype))
                    check_row(kind, dtype, widths[w],
                              temperatures[(w + (size_t)kind) % COUNT(temperatures)]);
    printf("largest errors in units of 2^-53: nll %.2f, with a temperature %.2f, entropy %.2f\n",
           worst_units, worst_cold, worst_entropy);
}
END_TEST

START_TEST(large_vocabularies_are_within_the_bound)
{
    static const enum kind kinds[] = {GAUSSIAN, CONSTANT, ASCENDING_BLOCKS, MASK_1E30, TIES};

    for (size_t k = 0; k < COUNT(kinds); k++) {
        check_row(kinds[k], DTYPE_F32, 50257, 1);
        if (is_long() || k < 2) {
            check_row(kinds[k], DTYPE_F32, 262144, 1);
            check_row(kinds[k], DTYPE_BF16, 128256, 0.7);
        }
        if (is_long())
            check_row(kinds[k], DTYPE_F32, 1048576, 1);
    }
}
END_TEST

/* What is asked beside never changes the sum. */
START_TEST(wants_do_not_change_the_sum)
{
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct sample s = sample_make(kind, DTYPE_F32, 5000, 5);
        const struct transform transform = transform_make(1, 0);
        struct row_stats plain, full;
        struct row_fault fault;
        const struct kernel *kernel = kernel_at(cpu_features(), 0);

        ck_assert(kernel->reduce(&s.row, &transform, 0, &plain, &fault));
        ck_assert(kernel->reduce(&s.row, &transform, ROW_ENTROPY | ROW_SPREAD, &full, &fault));
        ck_assert(memcmp(&plain.rest, &full.rest, sizeof plain.rest) == 0);
        sample_free(&s);
    }
}
END_TEST

/* Literal cases. */
static const struct {
    double logits[3];
    size_t width, target;
    double temperature, softcap, nll;
} literals[] = {
    {{0, -40}, 2, 0, 1, 0, 4.248354255291589e-18}, /* scipy gh-18295 */
    {{0, -40}, 2, 1, 1, 0, 40},
    {{1e30, 1e30}, 2, 0, 1, 0, 0.6931471805599453},
    {{-1e30, -1e30}, 2, 1, 1, 0, 0.6931471805599453},
    {{3.4e38, -3.4e38}, 2, 1, 1, 0, 6.8e38},
    {{3.4e38, -3.4e38}, 2, 0, 1, 0, 0},
    {{1e308, -1e308}, 2, 1, 1, 0, INFINITY},
    {{0, -INFINITY}, 2, 0, 1, 0, 0},
    {{0, -INFINITY}, 2, 1, 1, 0, INFINITY},
    {{5}, 1, 0, 1, 0, 0},
    {{-INFINITY, 7, -INFINITY}, 3, 1, 1, 0, 0},
    {{0, 0, -INFINITY}, 3, 0, 1, 30, 0.6931471805599453}, /* a mask stays one under a softcap */
    {{0, 0, 0}, 3, 0, 1e-300, 0, 1.0986122886681098},
    {{0, 1, 2}, 3, 2, 1e-307, 0, 0},
    {{0, 1, 2}, 3, 0, 1e308, 0, 1.0986122886681098},
    {{0, 1, -INFINITY}, 3, 0, 1e308, 0, 0.6931471805599453},
    {{0, -1e300}, 2, 1, 1e300, 0, 1.3132616875182228}, /* f64: 1 + log1p(exp(-1)) */
};

START_TEST(literal_rows)
{
    for (size_t i = 0; i < COUNT(literals); i++) {
        const struct transform transform =
            transform_make(literals[i].temperature, literals[i].softcap);
        const struct row row = {literals[i].logits, literals[i].width, DTYPE_F64};
        const struct kernel *kernel;

        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++) {
            struct row_stats stats;
            struct row_fault fault;
            double nll;

            ck_assert(kernel->reduce(&row, &transform, 0, &stats, &fault));
            nll = row_nll(&stats, &transform, row_logit(&row, literals[i].target));
            ck_assert_msg(nll == literals[i].nll
                              || fabs(nll - literals[i].nll) <= 4e-16 * literals[i].nll,
                          "row %zu: %.17g", i, nll);
        }
    }
}
END_TEST

START_TEST(a_row_of_masks_is_no_distribution)
{
    const float masks[3] = {-INFINITY, -INFINITY, -INFINITY};
    const struct row row = {masks, 3, DTYPE_F32};
    const struct transform transform = transform_make(1, 0);
    struct row_stats stats;
    struct row_fault fault;

    ck_assert(!kernel_find(0, "scalar")->reduce(&row, &transform, 0, &stats, &fault));
    ck_assert_int_eq(fault.kind, ROW_MASKED);
}
END_TEST

START_TEST(kernels_are_found_by_name)
{
    ck_assert_str_eq(kernel_find(0, "auto")->name, "scalar");
    ck_assert_str_eq(kernel_find(0, "scalar")->name, "scalar");
    ck_assert_ptr_null(kernel_find(0, "none"));
    ck_assert(kernel_exists("scalar") && kernel_exists("auto") && !kernel_exists("none"));
    for (size_t i = 0; kernel_at(cpu_features(), i); i++)
        printf("kernel %s\n", kernel_at(cpu_features(), i)->name);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_kind_of_row_is_within_the_bound,
                                  large_vocabularies_are_within_the_bound,
                                  wants_do_not_change_the_sum,
                                  literal_rows,
                                  a_row_of_masks_is_no_distribution,
                                  kernels_are_found_by_name,
                                  NULL};

    return suite_main("kernel", tests);
}
