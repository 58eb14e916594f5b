/* dd_exp.h - the steps of exp of a double-double, inline for kernels.
 *
 * x = n ln2/64 + r with |r| <= ln2/128, and exp(x) = 2^(n div 64) 2^((n mod 64)/64) (1 + p), where
 * p = exp(r) - 1.  Of p, r + r^2/2 is a double-double; the rest of the series is below 2^-25, and
 * as a double it is off by less than 2^-77. */
#ifndef CORE_DD_EXP_H
#define CORE_DD_EXP_H

#include "core/dd.h"
#include "core/real_tables.h"

/* r, and n.  hi parts are subtracted exactly (Sterbenz), and r.lo is off by less than 2^-84. */
static inline struct dd dd_exp_reduce(struct dd x, int *n)
{
    const struct dd ln2_64 = {LN2 / 64, LN2_REST / 64};
    const double nearest = rint(x.hi * (4 * SIXTEEN_LOG2E));
    const struct dd part = dd_product(-nearest, ln2_64.hi);

    *n = (int)nearest;
    return dd_sum(x.hi + part.hi, part.lo + (x.lo - nearest * ln2_64.lo));
}

/* exp(r) - 1.  The truncated terms are below 2^-78 of it. */
static inline struct dd dd_expm1_reduced(struct dd r)
{
    const struct dd square = dd_product(r.hi, r.hi / 2);
    struct dd sum = dd_sum_ordered(r.hi, square.hi);
    double q = 1.0 / 40320;

    q = q * r.hi + 1.0 / 5040;
    q = q * r.hi + 1.0 / 720;
    q = q * r.hi + 1.0 / 120;
    q = q * r.hi + 1.0 / 24;
    q = q * r.hi + 1.0 / 6;
    q = 2 * square.hi * r.hi * q; /* the terms from r^3/6 on */
    sum.lo += q + (square.lo + r.hi * r.lo) + r.lo;
    return dd_sum_ordered(sum.hi, sum.lo);
}

/* 2^((n mod 64)/64); exponent is n div 64. */
static inline struct dd dd_exp_root(int n, int *exponent)
{
    const int index = n & 63;

    *exponent = (n - index) / 64;
    return (struct dd){exp2_64_table[index].hi, exp2_64_table[index].lo};
}

/* root (1 + p). */
static inline struct dd dd_exp_times(struct dd root, struct dd p)
{
    const struct dd product = dd_product(root.hi, p.hi);
    struct dd sum = dd_sum_ordered(root.hi, product.hi);

    sum.lo += product.lo + (root.lo + (root.hi * p.lo + root.lo * p.hi));
    return dd_sum_ordered(sum.hi, sum.lo);
}

/* 2^((n mod 64)/64) (1 + p); exponent is n div 64. */
static inline struct dd dd_exp_power(int n, struct dd p, int *exponent)
{
    return dd_exp_times(dd_exp_root(n, exponent), p);
}

#endif
