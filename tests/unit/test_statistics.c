/* test_statistics.c - against exact rational arithmetic and published draws. */
#include "tests/unit/suite.h"

#include "core/moments.h"
#include "core/prng.h"
#include "core/selection.h"
#include "core/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(draws_are_the_published_ones)
{
    /* SplitMix64 from 1234567; xoshiro256** from the state 1, 2, 3, 4 */
    static const uint64_t filled[] = {6457827717110365317U, 3203168211198807973U,
                                      9817491932198370423U, 4593380528125082431U};
    static const uint64_t drawn[] = {
        11520,
        0,
        1509978240,
        1215971899390074240U,
        1216172134540287360U,
        607988272756665600U,
        16172922978634559625U,
        8476171486693032832U,
        10595114339597558777U,
        2904607092377533576U,
    };
    struct draws draws = prng_make(1234567);

    for (size_t i = 0; i < COUNT(filled); i++)
        ck_assert_uint_eq(draws.state[i], filled[i]);
    draws = (struct draws){{1, 2, 3, 4}};
    for (size_t i = 0; i < COUNT(drawn); i++)
        ck_assert_uint_eq(prng_next(&draws), drawn[i]);
}
END_TEST

START_TEST(draws_below_a_bound_are_uniform)
{
    enum { BOUND = 7, DRAWS = 70000 };
    struct draws draws = prng_make(42);
    size_t count[BOUND] = {0};

    for (size_t i = 0; i < DRAWS; i++)
        count[prng_below(&draws, BOUND)]++;
    for (size_t i = 0; i < BOUND; i++) /* 5 deviations of a binomial: 92 */
        ck_assert_msg(fabs((double)count[i] - 10000) < 5 * 92.6, "%zu: %zu", i, count[i]);
    for (size_t i = 0; i < 100; i++)
        ck_assert_uint_eq(prng_below(&draws, 1), 0);
}
END_TEST

/* A quarter of what is drawn lies past the last multiple of this bound, and is drawn again. */
START_TEST(draws_below_a_large_bound_are_the_exact_ones)
{
    static const uint32_t right[] = {2256714809, 897920560, 2704629366, 3160336982,
                                     2811401642, 195696145, 336411224,  1300429744};
    struct draws draws = prng_make(7);

    for (size_t i = 0; i < COUNT(right); i++) /* as tests/golden/draws.py has them */
        ck_assert_uint_eq(prng_below(&draws, 3U << 30), right[i]);
}
END_TEST

/* A row of data/statistics.def. */
struct sample {
    size_t count;
    double y[17], x[17];
    struct bootstrap bootstrap;
    double mean, deviation, error, paired, ratio, covariance, correlation, tenth, median, spread,
        low, high;
};

static const struct sample samples[] = {
#define LIST(...) __VA_ARGS__
#define CASE(count, y, x, seed, samples, level, ...)                                               \
    {count, LIST y, LIST x, {samples, seed, level}, __VA_ARGS__},
#include "tests/unit/data/statistics.def"
};

static void near(const char *what, bool defined, double got, double right, double within)
{
    ck_assert_msg(defined && fabs(got - right) <= within * fabs(right), "%s: %.17g, not %.17g",
                  what, got, right);
}

static void near_scaled(const char *what, bool defined, const struct scaled *got, double right)
{
    near(what, defined, scaled_double(*got), right, 8 * 0x1p-53);
}

START_TEST(numbers_are_the_exact_ones)
{
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        struct moments moments, differences, pairs;
        struct scaled got = {0};
        const double n = (double)s->count;
        struct centred centred;
        double sorted[17], correlation = 0;
        bool known;

        moments_of(&moments, s->y, s->count);
        moments_clear(&differences);
        moments_clear(&pairs);
        for (size_t k = 0; k < s->count; k++) {
            moments_add(&differences, s->y[k] - s->x[k]);
            moments_add_pair(&pairs, s->x[k], s->y[k]);
        }
        near_scaled("mean", moments_mean(&moments, &got), &got, s->mean);
        near_scaled("deviation", moments_deviation(&moments, &got), &got, s->deviation);
        near_scaled("error", moments_error(&moments, &got), &got, s->error);
        near_scaled("paired", moments_error(&differences, &got), &got, s->paired);
        near_scaled("ratio", moments_ratio_error(&pairs, &got), &got, s->ratio);
        moments_centre(&pairs, &centred);
        got = scaled_over(exact_number_scaled(&centred.xy), (struct scaled){n * (n - 1), 0});
        near_scaled("covariance", centred.has_both, &got, s->covariance);
        known = centred_correlation(&centred, &correlation);
        near("correlation", known, correlation, s->correlation, 8 * 0x1p-53);
        memcpy(sorted, s->y, sizeof sorted);
        selection_sort(sorted, s->count);
        near("tenth", true, statistics_percentile(sorted, s->count, 100), s->tenth, 0x1p-53);
        near("median", true, statistics_percentile(sorted, s->count, 500), s->median, 0x1p-53);
    }
}
END_TEST

START_TEST(bootstrap_is_the_exact_one)
{
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        double rows[17][2], sums[101][2], replicates[101];
        struct bootstrap_result result;

        for (size_t k = 0; k < s->count; k++) {
            rows[k][0] = s->y[k];
            rows[k][1] = s->x[k];
        }
        bootstrap_sums(&s->bootstrap, rows[0], s->count, 2, sums[0]);
        for (size_t k = 0; k < s->bootstrap.samples; k++)
            replicates[k] = sums[k][0] / sums[k][1];
        result = bootstrap_summary(&s->bootstrap, replicates);
        ck_assert(fabs(result.error - s->spread) <= 1e-13 * fabs(s->mean)); /* of rounded ratios */
        near("low", result.has_error, result.low, s->low, 1e-13);
        near("high", true, result.high, s->high, 1e-13);
    }
}
END_TEST

/* Sorted numbers, thousandths, and the percentile. */
static const struct {
    size_t count;
    double sorted[4];
    unsigned permille;
    double right;
} percentiles[] = {
    {4, {-INFINITY, -3, -1, INFINITY}, 0, -INFINITY},
    {4, {-INFINITY, -3, -1, INFINITY}, 100, -INFINITY},
    {4, {-INFINITY, -3, -1, INFINITY}, 500, -2},
    {4, {-INFINITY, -3, -1, INFINITY}, 900, INFINITY},
    {4, {-INFINITY, -3, -1, INFINITY}, 1000, INFINITY},
    {1, {-3}, 700, -3},
    {2, {-333, 667}, 333, 0}, /* what cancels is 0 */
    {2, {-0x1p-1074, 0x3p-1074}, 500, 0x1p-1074},
    {3, {-1.5e308, 1e308, 1.5e308}, 250, -0.25e308}, /* nothing overflows on its way */
    {3, {-1.5e308, 1e308, 1.5e308}, 500, 1e308},
    {2, {-1.5e308, 1.5e308}, 750, 0.75e308},
};

START_TEST(percentiles_are_exact)
{
    for (size_t i = 0; i < COUNT(percentiles); i++) {
        const double got = statistics_percentile(percentiles[i].sorted, percentiles[i].count,
                                                 percentiles[i].permille);

        ck_assert_msg(got == percentiles[i].right, "%zu: %.17g", i, got);
    }
}
END_TEST

/* Ranks of 0.999 (n - 1) in doubles miss what 999 (n - 1) / 1000 is. */
START_TEST(ranks_of_long_lists_are_exact)
{
    enum { LONG = 3000001 };
    double *sorted = malloc(LONG * sizeof *sorted);

    for (size_t i = 0; i < LONG; i++)
        sorted[i] = (double)i * (double)i;
    for (unsigned permille = 0; permille <= 1000; permille++)
        ck_assert(statistics_percentile(sorted, LONG, permille)
                  == 9e6 * (double)permille * (double)permille);
    free(sorted);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {draws_are_the_published_ones,
                                  draws_below_a_bound_are_uniform,
                                  draws_below_a_large_bound_are_the_exact_ones,
                                  numbers_are_the_exact_ones,
                                  bootstrap_is_the_exact_one,
                                  percentiles_are_exact,
                                  ranks_of_long_lists_are_exact,
                                  NULL};

    return suite_main("statistics", tests);
}
