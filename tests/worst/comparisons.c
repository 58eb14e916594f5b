/* comparisons.c - statistics of two models over the same tokens, percentiles, and the measures of a
 * corpus.  The lists have the log-probabilities of model a and of model b; of a corpus, those of
 * documents and their numbers of tokens. */
#include "tests/worst/lists.h"
#include "tests/worst/quantity.h"

#include "core/comparison.h"
#include "core/measure.h"
#include "core/selection.h"

#include <math.h>

#define BITS 1200 /* the difference of two perplexities keeps some, however near they are */

static struct lists *lists;
static mpfr_t power[2], error[2], work;

/* exp(-mean) */
static void power_make(size_t model)
{
    mpfr_div_si(power[model], model ? lists->sum_b : lists->sum_a, -(long)lists->count, MPFR_RNDN);
    mpfr_set_d(work, 1e4, MPFR_RNDN); /* far enough */
    mpfr_min(power[model], power[model], work, MPFR_RNDN);
    mpfr_exp(power[model], power[model], MPFR_RNDN);
}

/* From n (n - 1) times the variance to the error of the mean. */
static void root(mpfr_t variance)
{
    mpfr_div_ui(variance, variance, lists->count, MPFR_RNDN);
    mpfr_div_ui(variance, variance, lists->count - 1, MPFR_RNDN);
    mpfr_div_ui(variance, variance, lists->count, MPFR_RNDN);
    mpfr_sqrt(variance, variance, MPFR_RNDN);
}

/* Load the lists, the perplexities and the errors of the means.  False if there are too few tokens,
 * or if a perplexity is beyond doubles. */
static bool load(const struct candidate *candidate, struct measured *measured)
{
    if (!work->_mpfr_d) {
        mpfr_inits2(BITS, power[0], power[1], (mpfr_ptr)NULL);
        mpfr_inits2(WIDE_BITS, error[0], error[1], work, (mpfr_ptr)NULL);
    }
    mpfr_set_prec(measured->exact, WIDE_BITS);
    lists = lists_load(candidate);
    if (lists->count < 2)
        return false;
    power_make(0);
    power_make(1);
    if (mpfr_get_exp(power[0]) > 1024 || mpfr_get_exp(power[1]) > 1024)
        return false;
    lists_moment(error[0], lists, lists->sum_aa, lists->sum_a, lists->sum_a);
    root(error[0]);
    lists_moment(error[1], lists, lists->sum_bb, lists->sum_b, lists->sum_b);
    root(error[1]);
    return true;
}

static void got(struct measured *measured, struct figure figure)
{
    measured->got = figure.known ? figure.value : HUGE_VAL;
}

static struct comparison compare(void)
{
    return comparison_of(lists->a, lists->b, lists->count);
}

/* The mean of b - a. */
static void mean_of(mpfr_t out)
{
    mpfr_sub(out, lists->sum_b, lists->sum_a, MPFR_RNDN);
    mpfr_div_ui(out, out, lists->count, MPFR_RNDN);
}

/* The error of the mean of factor_b b - factor_a a. */
static void apart_of(mpfr_t out, const mpfr_t factor_a, const mpfr_t factor_b)
{
    mpfr_neg(work, factor_a, MPFR_RNDN);
    lists_combined(out, lists, work, factor_b);
    root(out);
}

bool compare_perplexity_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().perplexity[0]);
    mpfr_set(measured->exact, power[0], MPFR_RNDN);
    return true;
}

bool compare_perplexity_error_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().perplexity_error[0]);
    mpfr_mul(measured->exact, power[0], error[0], MPFR_RNDN);
    return true;
}

bool compare_mean_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().mean);
    mean_of(measured->exact);
    return true;
}

bool compare_ratio_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().ratio);
    mpfr_set_prec(measured->exact, BITS);
    mean_of(measured->exact);
    mpfr_neg(measured->exact, measured->exact, MPFR_RNDN);
    mpfr_exp(measured->exact, measured->exact, MPFR_RNDN);
    return true;
}

bool compare_ratio_error_measure(const struct candidate *candidate, struct measured *measured)
{
    mpfr_t one, ratio;

    if (!load(candidate, measured))
        return false;
    got(measured, compare().ratio_error);
    mpfr_init2(one, 8);
    mpfr_init2(ratio, BITS);
    mpfr_set_ui(one, 1, MPFR_RNDN);
    apart_of(measured->exact, one, one);
    mean_of(ratio);
    mpfr_neg(ratio, ratio, MPFR_RNDN);
    mpfr_exp(ratio, ratio, MPFR_RNDN);
    mpfr_mul(measured->exact, measured->exact, ratio, MPFR_RNDN);
    mpfr_clears(one, ratio, (mpfr_ptr)NULL);
    return true;
}

bool compare_apart_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().apart);
    mpfr_sub(measured->exact, power[1], power[0], MPFR_RNDN);
    return true;
}

/* The unit is u of it, and 2^-63 of the errors of both perplexities. */
bool compare_apart_error_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, compare().apart_error);
    apart_of(measured->exact, power[0], power[1]);
    mpfr_mul(error[0], error[0], power[0], MPFR_RNDN);
    mpfr_mul(error[1], error[1], power[1], MPFR_RNDN);
    mpfr_add(error[0], error[0], error[1], MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->exact, 10, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, error[0], MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -63, MPFR_RNDN);
    return true;
}

/* exp(b) - exp(a) of the first token. */
bool compare_probability_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    measured->got = comparison_change(lists->a[0], lists->b[0]).hi;
    mpfr_set_prec(measured->exact, BITS);
    mpfr_set_d(measured->exact, lists->b[0], MPFR_RNDN);
    mpfr_exp(measured->exact, measured->exact, MPFR_RNDN);
    mpfr_set_d(power[0], lists->a[0], MPFR_RNDN);
    mpfr_exp(power[0], power[0], MPFR_RNDN);
    mpfr_sub(measured->exact, measured->exact, power[0], MPFR_RNDN);
    return true;
}

/* ---- sets of numbers ---- */

bool spread_root_mean_square_measure(const struct candidate *candidate, struct measured *measured)
{
    if (!load(candidate, measured))
        return false;
    got(measured, spread_of(lists->a, lists->count).root_mean_square);
    mpfr_div_ui(measured->exact, lists->sum_aa, lists->count, MPFR_RNDN);
    mpfr_sqrt(measured->exact, measured->exact, MPFR_RNDN);
    return true;
}

/* One of the percentiles in thousandths: linear at rank permille (n - 1) / 1000. */
bool spread_percentile_measure(const struct candidate *candidate, struct measured *measured)
{
    static const unsigned permilles[] = {
#define PERCENTILE(name, permille) permille,
#include "core/percentiles.def"
    };
    const unsigned permille = permilles[(size_t)candidate->knob[KNOB_TARGET] % PERCENTILE_COUNT];
    size_t rank, below;

    if (!load(candidate, measured))
        return false;
    selection_sort(lists->a, lists->count);
    measured->got = statistics_percentile(lists->a, lists->count, permille);
    rank = permille * (lists->count - 1);
    below = rank / 1000;
    mpfr_set_d(measured->exact, lists->a[below < lists->count - 1 ? below + 1 : below], MPFR_RNDN);
    mpfr_sub_d(measured->exact, measured->exact, lists->a[below], MPFR_RNDN);
    mpfr_mul_ui(measured->exact, measured->exact, rank % 1000, MPFR_RNDN);
    mpfr_div_ui(measured->exact, measured->exact, 1000, MPFR_RNDN);
    mpfr_add_d(measured->exact, measured->exact, lists->a[below], MPFR_RNDN);
    return true;
}
