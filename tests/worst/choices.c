/* choices.c - probabilities of choices, and what is computed from them.  The first list has
 * log-probabilities l, the second values; m is the largest l, d = m - l.
 *
 * d is rounded, so e^-d is off by d u, which no unit below leaves out. */
#include "tests/worst/lists.h"
#include "tests/worst/quantity.h"

#include "core/choice.h"
#include "core/log_sum.h"

#include <math.h>

static struct choice choices[LISTED];
static struct lists *lists;

/* What is right of one choice. */
static struct {
    mpfr_t distance, weight; /* d and e^-d */
    mpfr_t blame;            /* e^-d (2 + d) */
} each[LISTED];

/* Sums over the choices. */
static mpfr_t weights, blames, work;

static void each_make(size_t i, double most)
{
    if (!each[i].weight->_mpfr_d)
        mpfr_inits2(TRUTH_BITS, each[i].distance, each[i].weight, each[i].blame, (mpfr_ptr)NULL);
    mpfr_set_d(each[i].distance, most, MPFR_RNDN);
    mpfr_sub_d(each[i].distance, each[i].distance, lists->a[i], MPFR_RNDN);
    mpfr_neg(each[i].weight, each[i].distance, MPFR_RNDN);
    mpfr_exp(each[i].weight, each[i].weight, MPFR_RNDN);
    mpfr_add_ui(each[i].blame, each[i].distance, 2, MPFR_RNDN);
    mpfr_mul(each[i].blame, each[i].blame, each[i].weight, MPFR_RNDN);
    mpfr_add(weights, weights, each[i].weight, MPFR_RNDN);
    mpfr_add(blames, blames, each[i].blame, MPFR_RNDN);
}

/* The largest log-probability; NaN if there is no choice. */
static double load(const struct candidate *candidate)
{
    double most = NAN;

    if (!work->_mpfr_d)
        mpfr_inits2(TRUTH_BITS, weights, blames, work, (mpfr_ptr)NULL);
    mpfr_set_zero(weights, 1);
    mpfr_set_zero(blames, 1);
    lists = lists_load(candidate);
    for (size_t i = 0; i < lists->count; i++) {
        choices[i] = (struct choice){
            .log_prob = lists->a[i], .has_value = lists->has_b, .value = lists->b[i]};
        most = fmax(most, lists->a[i]);
    }
    for (size_t i = 0; i < lists->count; i++)
        each_make(i, most);
    return most;
}

/* Of a choice: e^-d / sum of e^-d, within (8 + d) u. */
bool choice_probability_measure(const struct candidate *candidate, struct measured *measured)
{
    static double probability[LISTED];
    size_t target;

    load(candidate);
    if (!choices_probabilities(choices, lists->count, probability))
        return false;
    target = (size_t)candidate->knob[KNOB_TARGET] % lists->count;
    measured->got = probability[target];
    mpfr_div(measured->exact, each[target].weight, weights, MPFR_RNDN);
    mpfr_add_ui(measured->unit, each[target].distance, 8, MPFR_RNDN);
    mpfr_mul(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
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

/* The mean of values v, within the sum of e^-d (2 + d) |v| u over that of e^-d. */
bool choice_expected_measure(const struct candidate *candidate, struct measured *measured)
{
    load(candidate);
    if (!choices_expected(choices, lists->count, &measured->got))
        return false;
    mpfr_set_zero(measured->exact, 1);
    mpfr_set_zero(measured->unit, 1);
    for (size_t i = 0; i < lists->count; i++) {
        mpfr_mul_d(work, each[i].weight, lists->b[i], MPFR_RNDN);
        mpfr_add(measured->exact, measured->exact, work, MPFR_RNDN);
        mpfr_mul_d(work, each[i].blame, fabs(lists->b[i]), MPFR_RNDN);
        mpfr_add(measured->unit, measured->unit, work, MPFR_RNDN);
    }
    mpfr_div(measured->exact, measured->exact, weights, MPFR_RNDN);
    mpfr_div(measured->unit, measured->unit, weights, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
    return true;
}

/* The sum of squares of the other probabilities, and of their sum.  The unit is u of that, with d
 * of the likeliest of them. */
bool choice_brier_measure(const struct candidate *candidate, struct measured *measured)
{
    static double probability[LISTED];
    size_t right;

    load(candidate);
    if (lists->count < 2 || !choices_probabilities(choices, lists->count, probability))
        return false;
    right = (size_t)candidate->knob[KNOB_TARGET] % lists->count;
    measured->got = choices_brier(probability, lists->count, right);
    mpfr_set_zero(measured->exact, 1);
    mpfr_set_zero(measured->unit, 1);
    mpfr_set_zero(work, 1);
    for (size_t i = 0; i < lists->count; i++) {
        if (i == right)
            continue;
        mpfr_add(work, work, each[i].weight, MPFR_RNDN);
        mpfr_add(measured->unit, measured->unit, each[i].blame, MPFR_RNDN);
        mpfr_sqr(each[i].weight, each[i].weight, MPFR_RNDN);
        mpfr_add(measured->exact, measured->exact, each[i].weight, MPFR_RNDN);
    }
    mpfr_div(measured->unit, measured->unit, work, MPFR_RNDN); /* the mean of 2 + d */
    mpfr_sqr(work, work, MPFR_RNDN);
    mpfr_add(measured->exact, measured->exact, work, MPFR_RNDN);
    mpfr_sqr(weights, weights, MPFR_RNDN);
    mpfr_div(measured->exact, measured->exact, weights, MPFR_RNDN);
    mpfr_mul(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
    return true;
}

/* m + log of the sum of e^-d, 0 if that is above; within u of m and of that log, and of the mean of
 * 2 + d. */
bool log_sum_measure(const struct candidate *candidate, struct measured *measured)
{
    const double most = load(candidate);

    if (isnan(most))
        return false;
    measured->got = log_sum(lists->a, lists->count);
    mpfr_log(work, weights, MPFR_RNDN);
    mpfr_add_d(measured->exact, work, most, MPFR_RNDN);
    if (mpfr_sgn(measured->exact) > 0)
        mpfr_set_zero(measured->exact, 1);
    mpfr_sub_d(measured->unit, work, most, MPFR_RNDN);
    mpfr_div(work, blames, weights, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, work, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
    return true;
}
