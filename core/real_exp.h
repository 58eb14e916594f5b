/* real_exp.h - the steps of exp and expm1, inline for kernels.
 *
 * x = n ln2/16 + r with |r| <= ln2/32; exp(x) = 2^(n div 16) * 2^((n mod 16)/16) * (1 + p), where
 * p = exp(r) - 1 is a short Taylor sum and 2^(j/16) comes from a table with its rounding error. */
#ifndef CORE_REAL_EXP_H
#define CORE_REAL_EXP_H

#include "core/real_tables.h"

#include <math.h>

struct exp_power {
    double hi, lo; /* 2^(j/16) */
    double p;      /* exp(r) - 1 */
    int k;
};

/* |x| < 1100.  The truncated term, r^8 / 8!, is below 1.3e-18. */
static inline struct exp_power exp_power_of(double x)
{
    const double n = rint(x * SIXTEEN_LOG2E);
    const double r = fma(-n, LN2_16_LO, fma(-n, LN2_16_HI, x));
    const int index = (int)n & 15;
    double q = 1.0 / 5040;

    q = fma(q, r, 1.0 / 720);
    q = fma(q, r, 1.0 / 120);
    q = fma(q, r, 1.0 / 24);
    q = fma(q, r, 1.0 / 6);
    q = fma(q, r, 0.5);
    return (struct exp_power){exp2_table[index].hi, exp2_table[index].lo, fma(q * r, r, r),
                              ((int)n - index) / 16};
}

/* x - x^2/2! ... by Taylor; |x| < 0.3, where the truncated term x^15 / 15! is below 2e-20. */
static inline double expm1_small(double x)
{
    static const double factors[] = {1.0 / 87178291200, 1.0 / 6227020800, 1.0 / 479001600,
                                     1.0 / 39916800,    1.0 / 3628800,    1.0 / 362880,
                                     1.0 / 40320,       1.0 / 5040,       1.0 / 720,
                                     1.0 / 120,         1.0 / 24,         1.0 / 6};
    double q = factors[0];

    for (int i = 1; i < 12; i++)
        q = fma(q, x, factors[i]);
    return x + fma(x * x, 0.5, x * x * x * q);
}

/* expm1(x) for 0.3 <= |x| < 1000. */
static inline double expm1_large(double x)
{
    const struct exp_power power = exp_power_of(x);
    const double scale = ldexp(power.hi, power.k), minus_one = scale - 1;
    const double error = scale > 1 ? scale - minus_one - 1 : scale - (minus_one + 1);

    return minus_one + (fma(scale, power.p, ldexp(power.lo, power.k)) + error);
}

/* expm1(x) for x < 39 that are not tiny. */
static inline double expm1_below_39(double x)
{
    if (fabs(x) < 0.3)
        return expm1_small(x);
    return x < -40 ? -1 : expm1_large(x);
}

#endif
