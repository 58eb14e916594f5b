/* token_ratio.c - the ratio of the probabilities that two policies give one token. */
#include "core/token_ratio.h"

#include "core/comparison.h"
#include "core/dd_real.h"

#include <math.h>

#define NEAR 0.5 /* below this |l|, k3 is computed from its series */
#define MOST 300 /* e^2l is a double where |l| is less */

struct dd token_log_ratio(double log_p, double log_q)
{
    const double l = log_p - log_q;

    return isinf(l) || isnan(l) ? dd_of(l) : dd_sum(log_p, -log_q);
}

/* x, whose lo is 0 where its hi is infinite. */
static struct dd settled(struct dd x)
{
    return isinf(x.hi) ? dd_of(x.hi) : x;
}

/* One exponential: from the one that does not cancel. */
struct token_ratio token_ratio_of(double log_p, double log_q)
{
    struct token_ratio ratio;

    ratio.log = token_log_ratio(log_p, log_q);
    if (fabs(ratio.log.hi) < 1) {
        ratio.less1 = dd_expm1(ratio.log);
        ratio.ratio = dd_add_double(ratio.less1, 1);
    } else {
        ratio.ratio = settled(dd_exp(ratio.log));
        ratio.less1 = isinf(ratio.ratio.hi) ? ratio.ratio : dd_add_double(ratio.ratio, -1);
    }
    return ratio;
}

/* (e^l - 1 - l) / l^2, near 0. */
static double series(double l)
{
    static const double coefficients[] = {
        1.0 / 2,         1.0 / 6,          1.0 / 24,          1.0 / 120,          1.0 / 720,
        1.0 / 5040,      1.0 / 40320,      1.0 / 362880,      1.0 / 3628800,      1.0 / 39916800,
        1.0 / 479001600, 1.0 / 6227020800, 1.0 / 87178291200, 1.0 / 1307674368000};
    double sum = 0;

    for (size_t i = sizeof coefficients / sizeof *coefficients; i > 0; i--)
        sum = sum * l + coefficients[i - 1];
    return sum;
}

struct wide token_ratio_k3(const struct token_ratio *ratio)
{
    const struct dd l = ratio->log;

    if (fabs(l.hi) < NEAR)
        return wide_times(wide_times(wide_of_dd(l), wide_of_dd(l)), wide_of(series(l.hi)));
    if (isinf(ratio->ratio.hi) && !isinf(l.hi))
        return wide_plus(wide_exp(l), wide_neg(wide_of_dd(dd_add_double(l, 1))));
    return wide_plus(wide_of_dd(ratio->less1), wide_neg(wide_of_dd(l)));
}

struct wide token_ratio_square_less1(const struct token_ratio *ratio)
{
    const struct dd l = ratio->log, less1 = ratio->less1;

    if (fabs(l.hi) < MOST)
        return wide_of_dd(dd_mul(less1, dd_add_double(less1, 2)));
    return wide_plus(wide_exp((struct dd){2 * l.hi, 2 * l.lo}), wide_of(-1));
}

/* q (e^l - 1), where that is all of it. */
struct dd token_ratio_change(const struct token_ratio *ratio, double log_p, double log_q)
{
    struct wide change;

    if (!(fabs(ratio->log.hi) < MOST)) {
        const struct dd far = isnan(ratio->log.hi) ? dd_of(0) : comparison_change(log_q, log_p);

        return far.hi < 0 ? dd_neg(far) : far;
    }
    change = wide_times(wide_exp(dd_of(log_q)), wide_of_dd(ratio->less1));
    return wide_dd(change.value.hi < 0 ? wide_neg(change) : change);
}
