/* token_ratio.c - the ratio of the probabilities that two policies give one token. */
#include "core/token_ratio.h"

#include "core/comparison.h"
#include "core/real.h"
#include "core/real_tables.h"

#include <math.h>

#define NEAR 0.5 /* below this |l|, k3 is computed from its series */
#define MOST 300 /* e^l has all its bits where |l| is less, and e^2l is a double */

/* ---- exponentials ----
 *
 * x = n ln2/64 + r with |r| <= ln2/128, and e^x = 2^(n div 64) 2^((n mod 64)/64) (1 + p).  They are
 * those of core/real.h without fused operations, which are calls where the machine has none for
 * sure: each token takes two. */

#define PARTS_LOG2E 0x1.71547652b82fep+6  /* 64 / ln 2 */
#define LN2_PART 0x1.62e42feep-7          /* ln2/64: n times it is exact ... */
#define LN2_PART_LO 0x1.a39ef35793c76p-39 /* ... and the rest */

struct power {
    double hi, lo; /* 2^(j/64) */
    double p;      /* e^r - 1 */
    int64_t k;     /* as wide as a double, so that copies have no padding */
};

/* |x| < 1000.  The truncated term, r^7 / 7!, is below 2^-64 of p. */
static inline struct power power_of(double x)
{
    const double n = rint(x * PARTS_LOG2E);
    const double r = (x - n * LN2_PART) - n * LN2_PART_LO;
    const int index = (int)n & 63;
    const double tail = 1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720)));

    return (struct power){exp2_64_table[index].hi, exp2_64_table[index].lo,
                          r + r * r * (0.5 + r * tail), ((int)n - index) / 64};
}

/* Within 0.6 u; |x| < MOST. */
static inline double exp_of(double x)
{
    const struct power power = power_of(x);

    return scaled_shift(power.hi + (power.hi * power.p + power.lo), (int)power.k);
}

/* e^x - 1 within 1.6 u; |x| < 1. */
static inline double expm1_of(double x)
{
    const struct power power = power_of(x);
    const double scale = scaled_shift(1, (int)power.k), root = power.hi * scale;

    if (root == 1)
        return power.p;
    return (root - 1) + (root * power.p + power.lo * scale);
}

/* ---- ratios ---- */

static inline struct dd log_ratio(double log_p, double log_q)
{
    const double l = log_p - log_q;

    return isinf(l) || isnan(l) ? dd_of(l) : dd_sum(log_p, -log_q);
}

struct dd token_log_ratio(double log_p, double log_q)
{
    return log_ratio(log_p, log_q);
}

double token_ratio_exp(struct dd x)
{
    const double ratio = fabs(x.hi) < MOST ? exp_of(x.hi) : real_exp(x.hi);

    return x.lo == 0 || isinf(ratio) ? ratio : ratio + ratio * x.lo;
}

/* One exponential: the one that does not cancel. */
static inline struct token_ratio ratio_of(double log_p, double log_q)
{
    struct token_ratio ratio;

    ratio.log = log_ratio(log_p, log_q);
    if (fabs(ratio.log.hi) < 1) {
        ratio.less1 = expm1_of(ratio.log.hi);
        ratio.less1 += (1 + ratio.less1) * ratio.log.lo;
        ratio.ratio = 1 + ratio.less1;
    } else {
        ratio.ratio = token_ratio_exp(ratio.log);
        ratio.less1 = ratio.ratio - 1;
    }
    return ratio;
}

struct token_ratio token_ratio_of(double log_p, double log_q)
{
    return ratio_of(log_p, log_q);
}

void token_ratios_of(struct token_ratio *ratios, const double *log_p, const double *log_q,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        ratios[i] = ratio_of(log_p[i], log_q[i]);
}

/* (e^l - 1 - l) / l^2, near 0: the coefficient of l^i is 1/(i + 2)!.  Terms of even powers and
 * those of odd ones do not wait for each other. */
static inline double series(double l)
{
    static const double even[] = {1.0 / 2,       1.0 / 24,        1.0 / 720,        1.0 / 40320,
                                  1.0 / 3628800, 1.0 / 479001600, 1.0 / 87178291200};
    static const double odd[] = {1.0 / 6,        1.0 / 120,        1.0 / 5040,         1.0 / 362880,
                                 1.0 / 39916800, 1.0 / 6227020800, 1.0 / 1307674368000};
    const double square = l * l;
    double sum = 0, of_odd = 0;

    for (size_t i = sizeof even / sizeof *even; i > 0; i--) {
        sum = sum * square + even[i - 1];
        of_odd = of_odd * square + odd[i - 1];
    }
    return sum + l * of_odd;
}

static inline struct wide k3_of(const struct token_ratio *ratio)
{
    const struct dd l = ratio->log;

    if (fabs(l.hi) < 0x1p-400) /* whose square may vanish */
        return wide_times(wide_times(wide_of_dd(l), wide_of_dd(l)), wide_of(0.5));
    if (fabs(l.hi) < NEAR)
        return (struct wide){dd_of((l.hi + 2 * l.lo) * l.hi * series(l.hi)), 0};
    if (fabs(l.hi) < MOST)
        return (struct wide){dd_of(ratio->less1 - l.hi - l.lo), 0};
    return wide_plus(wide_plus(wide_exp(l), wide_of(-1)), wide_neg(wide_of_dd(l)));
}

struct wide token_ratio_k3(const struct token_ratio *ratio)
{
    return k3_of(ratio);
}

void token_ratios_k3(struct wide *k3, const struct token_ratio *ratios, size_t count)
{
    for (size_t i = 0; i < count; i++)
        k3[i] = k3_of(&ratios[i]);
}

/* q (e^l - 1), where that is all of it. */
double token_ratio_change(const struct token_ratio *ratio, double log_p, double log_q)
{
    if (fabs(ratio->log.hi) < MOST && log_q > -MOST)
        return fabs(exp_of(log_q) * ratio->less1);
    return isnan(ratio->log.hi) ? 0 : fabs(comparison_change(log_q, log_p).hi);
}
