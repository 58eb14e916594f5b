/* test_detection.c - scores of how well a model knows a text, and ranks of several logits. */
#include "tests/unit/exact.h"
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/detection.h"
#include "core/row_ranks.h"

/* ---- the lowest ---- */

static const struct {
    size_t count;
    double share;
    size_t taken;
} shares[] = {
    {1, 0.1, 1},     {9, 0.1, 1},       {10, 0.1, 1},         {10, 0.3, 3}, /* 3.0000000000000004 */
    {100, 0.29, 28},                                                        /* 28.999999999999996 */
    {7, 1, 7},       {1000, 5e-324, 1}, {3, 0.9999999999, 2}, {20, 0.15, 3},
};

START_TEST(a_share_is_floored_as_python_does)
{
    for (size_t i = 0; i < COUNT(shares); i++)
        ck_assert_uint_eq(lowest_count(shares[i].count, shares[i].share), shares[i].taken);
}
END_TEST

#define MOST 300

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

START_TEST(means_of_the_lowest_are_those_of_a_sort)
{
    uint64_t state = 1;
    mpfr_t sum, mean;

    mpfr_inits2(2500, sum, mean, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(60); n++) {
        const size_t count = 1 + random_below(&state, MOST);
        double values[MOST], sorted[MOST], means[MOST];
        bool wanted[MOST];

        for (size_t i = 0; i < count; i++) {
            values[i] = sorted[i] = -ldexp(random_unit(&state), (int)(n % 40) * 10 - 200);
            wanted[i] = random_below(&state, 3) == 0;
        }
        qsort(sorted, count, sizeof *sorted, by_value);
        lowest_means(values, count, wanted, means);
        mpfr_set_zero(sum, 1);
        for (size_t i = 0; i < count; i++) {
            mpfr_add_d(sum, sum, sorted[i], MPFR_RNDN);
            mpfr_div_ui(mean, sum, i + 1, MPFR_RNDN);
            ck_assert(!wanted[i] || error_units(means[i], mean) <= 2);
        }
    }
    mpfr_clears(sum, mean, (mpfr_ptr)NULL);
}
END_TEST

START_TEST(an_impossible_token_is_the_lowest)
{
    double values[] = {-1, -INFINITY, -3}, mean[3];
    const bool wanted[] = {true, true, true};

    lowest_means(values, 3, wanted, mean);
    ck_assert(isinf(mean[0]) && isinf(mean[1]) && isinf(mean[2]) && mean[2] < 0);
}
END_TEST

/* ---- standard scores ---- */

/* From roots of the excess, which are negative where it is. */
static const struct {
    double root, deviation, score;
} scores[] = {
    {-3, 2, -4.5},
    {0, 0, 0},
    {1e-9, 0, 0},
    {0x1p-600, 0x1p-1000, 0x1p-200},
    {-20, 0x1p-900, -400 * 0x1p900},
    {-INFINITY, 2, -INFINITY},
    {-INFINITY, 0, -INFINITY},
};

START_TEST(a_row_that_does_not_vary_scores_0)
{
    double value = 7;

    for (size_t i = 0; i < COUNT(scores); i++)
        ck_assert(standard_score(scores[i].root, scores[i].deviation) == scores[i].score);
    ck_assert(!discrepancy((const double[]){0, 1}, (const double[]){0, 0}, 2, &value));
    ck_assert(!discrepancy(NULL, NULL, 0, &value));
    ck_assert(discrepancy((const double[]){-3, 1}, (const double[]){3, 4}, 2, &value)
              && value == -1.6);
    ck_assert(discrepancy((const double[]){-20}, (const double[]){0x1p-900}, 1, &value)
              && value == -400 * 0x1p900);
    ck_assert(discrepancy((const double[]){0x1p-600}, (const double[]){0x1p-1000}, 1, &value)
              && value == 0x1p-200);
    ck_assert(discrepancy((const double[]){-INFINITY}, (const double[]){1}, 1, &value)
              && value == -INFINITY);
}
END_TEST

/* ---- ranks ---- */

START_TEST(ranks_are_those_of_a_count)
{
    static const size_t widths[] = {1, 2, 17, 2048, 5000};
    static const enum kind kinds[] = {GAUSSIAN, TIES, CONSTANT, HALF_MASKED, DESCENDING};

    for (size_t n = 0; n < COUNT(widths) * COUNT(kinds) * DTYPE_COUNT; n++) {
        struct sample s = sample_make(kinds[n / COUNT(widths) % COUNT(kinds)],
                                      (enum dtype)(n / COUNT(widths) / COUNT(kinds)),
                                      widths[n % COUNT(widths)], 3);
        const size_t count = n % 2 ? ROW_RANKS_MAX : 1 + n % 7;
        double logits[ROW_RANKS_MAX];
        size_t above[ROW_RANKS_MAX];

        for (size_t i = 0; i < count; i++)
            logits[i] = s.exact[i * 31 % s.row.width];
        row_ranks(&s.row, logits, count, above);
        for (size_t i = 0; i < count; i += 1 + count / 20) {
            size_t right = 0;

            for (size_t k = 0; k < s.row.width; k++)
                right += s.exact[k] > logits[i];
            ck_assert_uint_eq(above[i], right);
        }
        sample_free(&s);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_share_is_floored_as_python_does, means_of_the_lowest_are_those_of_a_sort,
        an_impossible_token_is_the_lowest, a_row_that_does_not_vary_scores_0,
        ranks_are_those_of_a_count,        NULL};

    return suite_main("detection", tests);
}
