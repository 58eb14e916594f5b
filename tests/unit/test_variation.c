/* test_variation.c - second moments of rows, against MPFR. */
#include "tests/unit/exact.h"
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kernels.h"
#include "core/scaled.h"

#include <stdio.h>

/* ---- the oracle ---- */

struct oracle {
    mpfr_t sum, mean, variance, deviation, collision,
        log_prob; /* sum of e^-d, and what follows from it */
    mpfr_t distance, term;
    double max;
    size_t count;
};

static void oracle_init(struct oracle *o)
{
    mpfr_inits2(EXACT_BITS, o->sum, o->mean, o->variance, o->deviation, o->collision, o->log_prob,
                o->distance, o->term, (mpfr_ptr)NULL);
    mpfr_set_zero(o->sum, 1);
    mpfr_set_zero(o->mean, 1);
    mpfr_set_zero(o->variance, 1);
    mpfr_set_zero(o->collision, 1);
    mpfr_set_zero(o->log_prob, 1);
    o->max = -INFINITY;
    o->count = 0;
}

static void oracle_free(struct oracle *o)
{
    mpfr_clears(o->sum, o->mean, o->variance, o->deviation, o->collision, o->log_prob, o->distance,
                o->term, (mpfr_ptr)NULL);
}

/* distance = (max - x) / T, term = e^-distance.  False for a mask. */
static bool oracle_term(struct oracle *o, double x, double temperature)
{
    if (isinf(x))
        return false;
    mpfr_set_d(o->distance, o->max, MPFR_RNDN);
    mpfr_sub_d(o->distance, o->distance, x, MPFR_RNDN);
    mpfr_div_d(o->distance, o->distance, temperature, MPFR_RNDN);
    mpfr_neg(o->term, o->distance, MPFR_RNDN);
    mpfr_exp(o->term, o->term, MPFR_RNDN);
    return true;
}

static void oracle_add(struct oracle *o)
{
    mpfr_add(o->sum, o->sum, o->term, MPFR_RNDN);
    mpfr_fma(o->mean, o->term, o->distance, o->mean, MPFR_RNDN);
    mpfr_fma(o->collision, o->term, o->term, o->collision, MPFR_RNDN);
    mpfr_add(o->log_prob, o->log_prob, o->distance, MPFR_RNDN);
    o->count++;
}

static void oracle_run(struct oracle *o, const struct sample *s, double temperature)
{
    for (size_t i = 0; i < s->row.width; i++)
        o->max = s->exact[i] > o->max ? s->exact[i] : o->max;
    for (size_t i = 0; i < s->row.width; i++)
        if (oracle_term(o, s->exact[i], temperature))
            oracle_add(o);
    mpfr_div(o->mean, o->mean, o->sum, MPFR_RNDN);
    for (size_t i = 0; i < s->row.width; i++) {
        if (!oracle_term(o, s->exact[i], temperature))
            continue;
        mpfr_sub(o->distance, o->distance, o->mean, MPFR_RNDN);
        mpfr_sqr(o->distance, o->distance, MPFR_RNDN);
        mpfr_fma(o->variance, o->term, o->distance, o->variance, MPFR_RNDN);
    }
    mpfr_div(o->variance, o->variance, o->sum, MPFR_RNDN);
    mpfr_sqrt(o->deviation, o->variance, MPFR_RNDN);
    mpfr_div(o->collision, o->collision, o->sum, MPFR_RNDN);
    mpfr_div(o->collision, o->collision, o->sum, MPFR_RNDN);
    mpfr_div_ui(o->log_prob, o->log_prob, o->count, MPFR_RNDN);
    mpfr_log(o->sum, o->sum, MPFR_RNDN);
    mpfr_add(o->log_prob, o->log_prob, o->sum, MPFR_RNDN);
    mpfr_neg(o->log_prob, o->log_prob, MPFR_RNDN);
}

/* ---- tests ---- */

/* What docs/numerics.md promises. */
#define VARIANCE_BOUND 256.0
#define COLLISION_BOUND 32.0
#define MEAN_BOUND 16.0
#define DEVIATION_BOUND 129.0

static double worst[4];

static void check(size_t which, double got, mpfr_t exact, double bound, enum kind kind,
                  const struct row *row)
{
    const double units = mpfr_cmp_d(exact, 1e-290) < 0 && mpfr_sgn(exact) >= 0
                             ? (got < 1e-289 ? 0 : INFINITY)
                             : error_units(got, exact);

    ck_assert_msg(units <= bound, "quantity %zu kind %d dtype %s width %zu: %g units, %.17g", which,
                  (int)kind, dtype_name(row->dtype), row->width, units, got);
    worst[which] = units > worst[which] ? units : worst[which];
}

static void check_row(enum kind kind, enum dtype dtype, size_t width, double temperature)
{
    struct sample s = sample_make(kind, dtype, width, 7);
    const struct transform transform = transform_make(temperature, 0);
    struct row_stats stats;
    struct row_fault fault;
    struct oracle o;

    oracle_init(&o);
    ck_assert(
        kernel_at(cpu_features(), 0)->reduce(&s.row, &transform, ROW_VARIATION, &stats, &fault));
    oracle_run(&o, &s, temperature);
    check(0, stats.variance, o.variance, VARIANCE_BOUND, kind, &s.row);
    check(1, stats.collision, o.collision, COLLISION_BOUND, kind, &s.row);
    check(2, stats.mean_log_prob, o.log_prob, MEAN_BOUND, kind, &s.row);
    check(3, stats.deviation, o.deviation, DEVIATION_BOUND, kind, &s.row);
    oracle_free(&o);
    sample_free(&s);
}

START_TEST(every_kind_of_row_is_within_the_bound)
{
    static const size_t widths[] = {1, 2, 3, 16, 17, 129, 256, 2049, 4500};
    static const double temperatures[] = {1, 1, 0.3, 0.7, 2, 1e-3, 100, 1e150};

    for (enum kind kind = 0; kind < KINDS; kind++)
        for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
            for (size_t w = 0; w < COUNT(widths); w++)
                if (fits(kind, dtype) && (widths[w] < 2000 || dtype == DTYPE_F32))
                    check_row(kind, dtype, widths[w],
                              temperatures[(w + (size_t)kind) % COUNT(temperatures)]);
    printf("largest errors in units of 2^-53: variance %.2f, collision %.2f, mean %.2f, deviation "
           "%.2f\n",
           worst[0], worst[1], worst[2], worst[3]);
}
END_TEST

/* Rows of which all, or all that are no masks, are the same. */
START_TEST(uniform_rows_do_not_vary)
{
    static const double values[] = {0, -0.0, 1.25, -1e30, 1e300, 5e-324};
    static const double caps[] = {0, 0, 30};
    static const double temperatures[] = {1, 0.7, 1e-300};
    double logits[300];

    for (size_t n = 0; n < COUNT(values) * COUNT(caps) * 2; n++) {
        const struct transform transform =
            transform_make(temperatures[n % COUNT(caps)], caps[n % COUNT(caps)]);
        const size_t step = 1 + n % 2, count = (COUNT(logits) + step - 1) / step;
        const struct row row = {logits, COUNT(logits), DTYPE_F64};
        const struct kernel *kernel;

        for (size_t i = 0; i < COUNT(logits); i++)
            logits[i] = i % step ? -INFINITY : values[n / 2 % COUNT(values)];
        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++) {
            struct row_stats stats;
            struct row_fault fault;

            ck_assert(kernel->reduce(&row, &transform, ROW_VARIATION, &stats, &fault));
            ck_assert_msg(stats.variance == 0 && stats.deviation == 0 && stats.mean.hi == 0,
                          "%zu: %g", n, stats.variance);
            ck_assert(fabs(stats.collision * (double)count - 1) < 1e-15);
            ck_assert(stats.mean_log_prob == -stats.log_sum.hi);
        }
    }
}
END_TEST

/* f64 rows whose second moments are known. */
static const struct {
    double logits[4];
    size_t width;
    double temperature, softcap, variance, collision, mean;
} literals[] = {
    {{7}, 1, 1, 0, 0, 1, 0},
    {{-INFINITY, 7}, 2, 1, 0, 0, 1, 0},
    {{0, 0, -300}, 3, 1, 0, 2.3166901000854062e-126, 0.5, -100.69314718055995},
    {{0, -700}, 2, 1, 0, 4.8312415064422877e-299, 1, -350},
    {{0, -740}, 2, 1, 0, 2.2937539583143116e-316, 1, -370},
    {{0, -1e300}, 2, 1, 0, 0, 1, -5e299},
    {{0, -0x1p-40}, 2, 1, 0, 2.0679515313825692e-25, 0.5, -0.69314718055994531},
    {{0x1p-40, 0, 0}, 3, 1, 0, 1.8381791390072854e-25, 1 / 3.0, -1.0986122886681097},
    {{1e300, -1e300, -1e300},
     3,
     1e300,
     0,
     0.67055604641768483,
     0.64203450367416744,
     -1.5728780995552178},
    {{1, 0, -INFINITY}, 3, 1, 1e9, 0.19661193324148185, 0.60677613351703629, -0.81326168751822283},
};

static bool is_near(double got, double right)
{
    return fabs(got - right) <= 3e-15 * fabs(right) + 5e-324;
}

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

            ck_assert(kernel->reduce(&row, &transform, ROW_VARIATION, &stats, &fault));
            ck_assert_msg(is_near(stats.variance, literals[i].variance), "row %zu: variance %.17g",
                          i, stats.variance);
            ck_assert_msg(is_near(stats.collision, literals[i].collision),
                          "row %zu: collision %.17g", i, stats.collision);
            ck_assert_msg(is_near(stats.mean_log_prob, literals[i].mean), "row %zu: mean %.17g", i,
                          stats.mean_log_prob);
        }
    }
}
END_TEST

/* f64 rows whose variance is below doubles, or hardly above: its root, and that of the mean. */
static const struct {
    double logits[3];
    size_t width;
    double temperature, deviation, mean;
} certain[] = {
    {{0, -800}, 2, 1, 1.5321356773712045e-171, 5.416917635835116e-173},
    {{0, 0, -800}, 3, 1, 1.083383527167023e-171, 3.830339193428011e-173},
    {{0, -1e-200}, 2, 1, 5e-201, 7.071067811865475e-101},
    {{0, -1e-310}, 2, 1, 4.9999999999997e-311, 7.071067811865465e-156},
    {{0, -1}, 2, 1e+200, 5e-201, 7.071067811865475e-101},
    {{0, 0, -1420}, 3, 1, 4.494601529483686e-306, 1.1927434026503739e-307},
    {{0, -5e-324}, 2, 1e+307, 5e-324, 4.9702397e-316},
    {{0, -1430}, 2, 1, 4.3130200458109557e-308, 1.14054771272608e-309},
    {{0, -1e-200, -700}, 3, 1, 4.914896492522649e-150, 7.071067811865475e-101},
    {{0, -1, -1000}, 3, 0.01, 1.92874984796392e-20, 1.92874984796392e-21},
    {{0, 0, -1000000.0}, 3, 1, 5e-324, 0.0},
};

START_TEST(the_root_of_a_variance_below_doubles)
{
    for (size_t i = 0; i < COUNT(certain); i++) {
        const struct transform transform = transform_make(certain[i].temperature, 0);
        const struct row row = {certain[i].logits, certain[i].width, DTYPE_F64};
        const struct kernel *kernel;

        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++) {
            struct row_stats stats;
            struct row_fault fault;
            double mean;

            ck_assert(kernel->reduce(&row, &transform, ROW_VARIATION, &stats, &fault));
            mean = scaled_double(scaled_root(scaled_make(stats.mean.hi, (int)stats.mean_exponent)));
            ck_assert_msg(is_near(stats.deviation, certain[i].deviation),
                          "row %zu: deviation %.17g", i, stats.deviation);
            ck_assert_msg(is_near(mean, certain[i].mean), "row %zu: root of the mean %.17g", i,
                          mean);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_kind_of_row_is_within_the_bound, uniform_rows_do_not_vary,
                                  literal_rows, the_root_of_a_variance_below_doubles, NULL};

    return suite_main("variation", tests);
}
