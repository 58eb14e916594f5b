/* choices.c - probabilities of choices, and what is computed from them.  The first list has
 * log-probabilities l, the second values; m is the largest l. */
#include "tests/worst/lists.h"
#include "tests/worst/quantity.h"

#include "core/choice.h"
#include "core/log_sum.h"

#include <math.h>

static struct choice choices[LISTED];
static const struct lists *lists;

/* e^(l - m) of each choice, and their sum; it is 1 + others. */
static mpfr_t weight[LISTED], weights, others, work;

/* m; NaN if there is no choice. */
static double load(const struct candidate *candidate)
{
    double most = NAN;
    size_t best = 0;

    if (!work->_mpfr_d)
        mpfr_inits2(TRUTH_BITS, weights, others, work, (mpfr_ptr)NULL);
    mpfr_set_zero(others, 1);
    lists = lists_load(candidate);
    for (size_t i = 0; i < lists->count; i++) {
        if (!(lists->a[i] <= most)) {
            most = lists->a[i];
            best = i;
        }
    }
    for (size_t i = 0; i < lists->count; i++) {
        choices[i] = (struct choice){
            .log_prob = lists->a[i], .has_value = lists->has_b, .value = lists->b[i]};
        if (!weight[i]->_mpfr_d)
            mpfr_init2(weight[i], TRUTH_BITS);
        mpfr_set_d(weight[i], lists->a[i], MPFR_RNDN);
        mpfr_sub_d(weight[i], weight[i], most, MPFR_RNDN);
        mpfr_exp(weight[i], weight[i], MPFR_RNDN);
        if (i != best)
            mpfr_add(others, others, weight[i], MPFR_RNDN);
    }
    mpfr_add_ui(weights, others, 1, MPFR_RNDN);
    return most;
}

static size_t target_of(const struct candidate *candidate)
{
    return (size_t)candidate->knob[KNOB_TARGET] % lists->count;
}

/* unit = u |exact| + 2^-64 |more| */
static void unit_with(struct measured *measured, const mpfr_t more)
{
    mpfr_abs(measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2ui(measured->unit, measured->unit, 11, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, more, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -64, MPFR_RNDN);
}

/* Of a choice: e^(l - m) / sum of e^(l - m). */
bool choice_probability_measure(const struct candidate *candidate, struct measured *measured)
{
    static double probability[LISTED];

    load(candidate);
    if (!choices_probabilities(choices, lists->count, probability))
        return false;
    measured->got = probability[target_of(candidate)];
    mpfr_div(measured->exact, weight[target_of(candidate)], weights, MPFR_RNDN);
    return true;
}

/* The sum of e^l. */
bool choice_mass_measure(const struct candidate *candidate, struct measured *measured)
{
    const double most = load(candidate);

    measured->got = choices_mass(choices, lists->count);
    mpfr_set_d(measured->exact, most, MPFR_RNDN);
    mpfr_exp(measured->exact, measured->exact, MPFR_RNDN);
    mpfr_mul(measured->exact, measured->exact, weights, MPFR_RNDN);
    return !isnan(most);
}

/* The mean of the values. */
bool choice_expected_measure(const struct candidate *candidate, struct measured *measured)
{
    mpfr_t sizes;

    load(candidate);
    if (!choices_expected(choices, lists->count, &measured->got))
        return false;
    mpfr_init2(sizes, TRUTH_BITS);
    mpfr_set_zero(sizes, 1);
    mpfr_set_prec(measured->exact, SUM_BITS);
    mpfr_set_zero(measured->exact, 1);
    for (size_t i = 0; i < lists->count; i++) {
        mpfr_mul_d(work, weight[i], lists->b[i], MPFR_RNDN);
        mpfr_add(measured->exact, measured->exact, work, MPFR_RNDN);
        mpfr_abs(work, work, MPFR_RNDN);
        mpfr_add(sizes, sizes, work, MPFR_RNDN);
    }
    mpfr_div(measured->exact, measured->exact, weights, MPFR_RNDN);
    mpfr_div(sizes, sizes, weights, MPFR_RNDN);
    unit_with(measured, sizes);
    mpfr_clear(sizes);
    return true;
}

/* The sum of the squares of the other probabilities, and of their sum. */
bool choice_brier_measure(const struct candidate *candidate, struct measured *measured)
{
    static double probability[LISTED];

    load(candidate);
    if (lists->count < 2 || !choices_probabilities(choices, lists->count, probability))
        return false;
    measured->got = choices_brier(probability, lists->count, target_of(candidate));
    mpfr_set_zero(measured->exact, 1);
    mpfr_set_zero(work, 1);
    for (size_t i = 0; i < lists->count; i++) {
        if (i == target_of(candidate))
            continue;
        mpfr_add(work, work, weight[i], MPFR_RNDN);
        mpfr_sqr(weight[i], weight[i], MPFR_RNDN);
        mpfr_add(measured->exact, measured->exact, weight[i], MPFR_RNDN);
    }
    mpfr_sqr(work, work, MPFR_RNDN);
    mpfr_add(measured->exact, measured->exact, work, MPFR_RNDN);
    mpfr_sqr(weights, weights, MPFR_RNDN);
    mpfr_div(measured->exact, measured->exact, weights, MPFR_RNDN);
    return true;
}

/* m + log of the sum of e^(l - m), 0 if that is above. */
bool log_sum_measure(const struct candidate *candidate, struct measured *measured)
{
    const double most = load(candidate);

    if (isnan(most))
        return false;
    measured->got = log_sum(lists->a, lists->count);
    mpfr_log1p(measured->exact, others, MPFR_RNDN);
    mpfr_add_d(measured->exact, measured->exact, most, MPFR_RNDN);
    if (mpfr_sgn(measured->exact) > 0)
        mpfr_set_zero(measured->exact, 1);
    mpfr_set_d(work, -most, MPFR_RNDN);
    unit_with(measured, work);
    return true;
}
