/* numbers.c - sums, means, deviations and correlations of lists of numbers. */
#include "tests/worst/lists.h"
#include "tests/worst/quantity.h"

#include "core/exact_sum.h"
#include "core/moments.h"

#include <math.h>

/* The lists; `exact` has room for what is computed from their sums. */
static struct lists *load(const struct candidate *candidate, struct measured *measured)
{
    mpfr_set_prec(measured->exact, WIDE_BITS);
    return lists_load(candidate);
}

/* The result of a function that may not be defined. */
static void got(struct measured *measured, bool known, const struct scaled *value)
{
    measured->got = known ? scaled_double(*value) : HUGE_VAL;
}

/* From n (n - 1) times the variance to the deviation, or the error of the mean. */
static void root(mpfr_t variance, size_t count, bool of_mean)
{
    mpfr_div_ui(variance, variance, count, MPFR_RNDN);
    mpfr_div_ui(variance, variance, count - 1, MPFR_RNDN);
    if (of_mean)
        mpfr_div_ui(variance, variance, count, MPFR_RNDN);
    mpfr_sqrt(variance, variance, MPFR_RNDN);
}

/* Of a list, and of pairs of b and a. */
static struct moments *moments_of_a(const struct lists *lists)
{
    static struct moments moments;

    moments_of(&moments, lists->a, lists->count);
    return &moments;
}

static struct moments *moments_of_both(const struct lists *lists)
{
    static struct moments moments;

    moments_clear(&moments);
    for (size_t i = 0; i < lists->count; i++)
        moments_add_pair(&moments, lists->b[i], lists->a[i]);
    return &moments;
}

bool numbers_sum_measure(const struct candidate *candidate, struct measured *measured)
{
    static struct exact_sum sum;
    const struct lists *lists = load(candidate, measured);

    exact_sum_clear(&sum);
    for (size_t i = 0; i < lists->count; i++)
        exact_sum_add(&sum, lists->a[i]);
    measured->got = exact_sum_double(&sum);
    mpfr_set(measured->exact, lists->sum_a, MPFR_RNDN);
    return lists->count > 0;
}

bool numbers_products_measure(const struct candidate *candidate, struct measured *measured)
{
    static struct exact_sum sum;
    const struct lists *lists = load(candidate, measured);

    exact_sum_clear(&sum);
    for (size_t i = 0; i < lists->count; i++)
        exact_sum_add_product(&sum, lists->a[i], lists->b[i]);
    measured->got = exact_sum_double(&sum);
    mpfr_set(measured->exact, lists->sum_ab, MPFR_RNDN);
    return lists->count > 0;
}

bool numbers_mean_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    struct scaled mean;

    if (lists->count == 0)
        return false;
    got(measured, moments_mean(moments_of_a(lists), &mean), &mean);
    mpfr_div_ui(measured->exact, lists->sum_a, lists->count, MPFR_RNDN);
    return true;
}

bool numbers_deviation_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    struct scaled deviation;

    if (lists->count < 2)
        return false;
    got(measured, moments_deviation(moments_of_a(lists), &deviation), &deviation);
    lists_moment(measured->exact, lists, lists->sum_aa, lists->sum_a, lists->sum_a);
    root(measured->exact, lists->count, false);
    return true;
}

bool numbers_error_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    struct scaled error;

    if (lists->count < 2)
        return false;
    got(measured, moments_error(moments_of_a(lists), &error), &error);
    lists_moment(measured->exact, lists, lists->sum_aa, lists->sum_a, lists->sum_a);
    root(measured->exact, lists->count, true);
    return true;
}

bool numbers_paired_error_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    static struct centred centred;
    struct scaled error;
    mpfr_t one, minus_one;

    if (lists->count < 2)
        return false;
    moments_centre(moments_of_both(lists), &centred);
    error = centred_error(exact_number_scaled(&centred.apart), lists->count);
    got(measured, true, &error);
    mpfr_inits2(8, one, minus_one, (mpfr_ptr)NULL);
    mpfr_set_si(one, 1, MPFR_RNDN);
    mpfr_set_si(minus_one, -1, MPFR_RNDN);
    lists_combined(measured->exact, lists, one, minus_one);
    root(measured->exact, lists->count, true);
    mpfr_clears(one, minus_one, (mpfr_ptr)NULL);
    return true;
}

/* sqrt(n / (n - 1) sum (y - r x)^2) / |sum x|, r = sum y / sum x: the sum times (sum x)^2 is the
 * variance of (sum x) y - (sum y) x, whose mean is 0. */
bool numbers_ratio_error_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    struct scaled error;
    mpfr_t minus;

    if (lists->count < 2)
        return false;
    got(measured, moments_ratio_error(moments_of_both(lists), &error), &error);
    mpfr_init2(minus, SUM_BITS);
    mpfr_neg(minus, lists->sum_a, MPFR_RNDN);
    lists_combined(measured->exact, lists, lists->sum_b, minus);
    mpfr_div_ui(measured->exact, measured->exact, lists->count - 1, MPFR_RNDN);
    mpfr_sqrt(measured->exact, measured->exact, MPFR_RNDN);
    mpfr_div(measured->exact, measured->exact, lists->sum_b, MPFR_RNDN);
    mpfr_div(measured->exact, measured->exact, lists->sum_b, MPFR_RNDN);
    mpfr_clear(minus);
    return true;
}

bool numbers_correlation_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = load(candidate, measured);
    static struct centred centred;
    double correlation;
    mpfr_t variance_a, variance_b;
    bool varies;

    mpfr_inits2(WIDE_BITS, variance_a, variance_b, (mpfr_ptr)NULL);
    lists_moment(variance_a, lists, lists->sum_aa, lists->sum_a, lists->sum_a);
    lists_moment(variance_b, lists, lists->sum_bb, lists->sum_b, lists->sum_b);
    lists_moment(measured->exact, lists, lists->sum_ab, lists->sum_a, lists->sum_b);
    mpfr_mul(variance_a, variance_a, variance_b, MPFR_RNDN);
    mpfr_sqrt(variance_a, variance_a, MPFR_RNDN);
    varies = lists->count >= 2 && mpfr_sgn(variance_a) > 0;
    if (varies) {
        mpfr_div(measured->exact, measured->exact, variance_a, MPFR_RNDN);
        measured->got = HUGE_VAL;
        moments_centre(moments_of_both(lists), &centred);
        if (centred_correlation(&centred, &correlation))
            measured->got = correlation;
    }
    mpfr_clears(variance_a, variance_b, (mpfr_ptr)NULL);
    return varies;
}
