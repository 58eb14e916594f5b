/* test_statistics.c - against exact rational arithmetic and published draws. */
#include "tests/unit/suite.h"

#include "core/prng.h"
#include "core/statistics.h"

#include <math.h>

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

static void near(const char *what, bool defined, const double *got, double right, double scale)
{
    ck_assert_msg(defined && fabs(*got - right) <= 1e-13 * (scale > 0 ? scale : fabs(right)),
                  "%s: %.17g, not %.17g", what, *got, right);
}

START_TEST(numbers_are_the_exact_ones)
{
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        double got = 0, sorted[17];

        near("mean", statistics_mean(s->y, s->count, &got), &got, s->mean, 0);
        near("deviation", statistics_deviation(s->y, s->count, &got), &got, s->deviation, 0);
        near("error", statistics_error(s->y, s->count, &got), &got, s->error, 0);
        near("paired", statistics_paired_error(s->y, s->x, s->count, &got), &got, s->paired, 0);
        /* r x is rounded against y */
        near("ratio", statistics_ratio_error(s->y, s->x, 1, s->count, &got), &got, s->ratio,
             fabs(s->mean));
        near("covariance", statistics_covariance(s->y, s->x, s->count, &got), &got, s->covariance,
             0);
        near("correlation", statistics_correlation(s->y, s->x, s->count, &got), &got,
             s->correlation, 0);
        memcpy(sorted, s->y, sizeof sorted);
        statistics_sort(sorted, s->count);
        got = statistics_percentile(sorted, s->count, 0.1);
        near("tenth", true, &got, s->tenth, 0);
        got = statistics_percentile(sorted, s->count, 0.5);
        near("median", true, &got, s->median, 0);
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
        near("spread", result.has_error, &result.error, s->spread, fabs(s->mean));
        near("low", true, &result.low, s->low, 0);
        near("high", true, &result.high, s->high, 0);
    }
}
END_TEST

START_TEST(what_is_not_defined_is_told)
{
    const double one[] = {3}, same[] = {2, 2, 2}, vary[] = {1, 2, 4}, nothing[] = {0, 0, 0};
    const double masked[] = {-1, -INFINITY, -2}, both[] = {INFINITY, -INFINITY, 0};
    double got = 5;

    ck_assert(!statistics_mean(one, 0, &got) && !statistics_mean(both, 3, &got));
    ck_assert(!statistics_deviation(one, 1, &got) && !statistics_error(one, 0, &got));
    ck_assert(!statistics_deviation(masked, 3, &got) && !statistics_error(masked, 3, &got));
    ck_assert(!statistics_paired_error(one, one, 1, &got)
              && !statistics_paired_error(masked, masked, 3, &got));
    ck_assert(!statistics_ratio_error(vary, nothing, 1, 3, &got)
              && !statistics_ratio_error(masked, vary, 1, 3, &got));
    ck_assert(!statistics_correlation(same, vary, 3, &got)
              && !statistics_correlation(vary, same, 3, &got));
    ck_assert(statistics_mean(masked, 3, &got) && isinf(got) && got < 0);
    ck_assert(statistics_deviation(same, 3, &got) && got == 0);
    ck_assert(statistics_correlation(vary, vary, 3, &got) && got == 1);
}
END_TEST

/* Where rounding shows: a mean between two doubles, and a quotient that comes out above 1. */
START_TEST(what_rounding_leaves_is_taken_out)
{
    const double wide[] = {1e16, 1e16 + 2}, y[] = {1.25, 1.5, 0.75}, x[] = {-3.75, -4.5, -2.25};
    double got = 0;

    near("deviation", statistics_deviation(wide, 2, &got), &got, M_SQRT2, 0);
    ck_assert(statistics_correlation(y, x, 3, &got) && got == -1);
    ck_assert(statistics_correlation(y, y, 3, &got) && got == 1);
}
END_TEST

START_TEST(percentiles_meet_infinities)
{
    const double sorted[] = {-INFINITY, -3, -1, INFINITY};

    ck_assert(statistics_percentile(sorted, 4, 0) == -INFINITY);
    ck_assert(statistics_percentile(sorted, 4, 0.1) == -INFINITY);
    ck_assert(statistics_percentile(sorted, 4, 0.5) == -2);
    ck_assert(statistics_percentile(sorted, 4, 0.9) == INFINITY);
    ck_assert(statistics_percentile(sorted + 1, 1, 0.7) == -3);
}
END_TEST

/* What lies between numbers at the ends of the range does not overflow on its way. */
START_TEST(means_and_percentiles_stay_within_doubles)
{
    const double ends[] = {-1.5e308, 1e308, 1.5e308}, high[] = {1.5e308, 1e308, 1.1e308};
    double got = 0;

    ck_assert(statistics_mean(high, 3, &got) && fabs(got - 1.2e308) <= 1e-15 * 1.2e308);
    ck_assert(statistics_mean(ends, 3, &got) && fabs(got - 1e308 / 3) <= 1e-15 * 1e308);
    ck_assert(statistics_percentile(ends, 3, 0.25) == -0.25e308);
    ck_assert(statistics_percentile(ends, 3, 0.5) == 1e308);
}
END_TEST

START_TEST(sorting_sorts)
{
    struct draws draws = prng_make(3);
    double values[200];

    for (size_t count = 0; count <= COUNT(values); count++) {
        double sum = 0, sorted_sum = 0;

        for (size_t i = 0; i < count; i++)
            sum += values[i] = prng_below(&draws, 50);
        statistics_sort(values, count);
        for (size_t i = 0; i < count; i++)
            sorted_sum += values[i];
        for (size_t i = 1; i < count; i++)
            ck_assert(values[i - 1] <= values[i]);
        ck_assert(sum == sorted_sum);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {draws_are_the_published_ones,
                                  draws_below_a_bound_are_uniform,
                                  draws_below_a_large_bound_are_the_exact_ones,
                                  numbers_are_the_exact_ones,
                                  bootstrap_is_the_exact_one,
                                  what_is_not_defined_is_told,
                                  what_rounding_leaves_is_taken_out,
                                  percentiles_meet_infinities,
                                  means_and_percentiles_stay_within_doubles,
                                  sorting_sorts,
                                  NULL};

    return suite_main("statistics", tests);
}
