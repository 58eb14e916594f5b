/* dd.c - exp and log of double-doubles.
 *
 * x = n ln2/64 + r with |r| <= ln2/128, and exp(x) = 2^(n div 64) 2^((n mod 64)/64) (1 + p), where
 * p = exp(r) - 1.  Of p, r + r^2/2 is a double-double; the rest of the series is below 2^-25, and
 * as a double it is off by less than 2^-77.  A logarithm is that of core/real.h and one step of
 * Newton's method. */
#include "core/dd.h"

#include "core/real.h"
#include "core/real_tables.h"

#define FARTHEST 0x1p+20 /* exp is computed where |x| is less */
#define NEAR 0.4         /* log(1 + x) is near 0 where |x| is less */

static const struct dd ln2_64 = {LN2 / 64, LN2_REST / 64};

/* r, and n.  hi parts are subtracted exactly (Sterbenz), and r.lo is off by less than 2^-84. */
static struct dd reduce(struct dd x, int *n)
{
    const double nearest = rint(x.hi * (4 * SIXTEEN_LOG2E));
    const struct dd part = dd_product(-nearest, ln2_64.hi);

    *n = (int)nearest;
    return dd_sum(x.hi + part.hi, part.lo + (x.lo - nearest * ln2_64.lo));
}

/* exp(r) - 1.  The truncated terms are below 2^-78 of it. */
static struct dd expm1_reduced(struct dd r)
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

/* 2^((n mod 64)/64) (1 + p); exponent is n div 64. */
static struct dd power(int n, struct dd p, int *exponent)
{
    const int index = n & 63;
    const struct dd root = {exp2_64_table[index].hi, exp2_64_table[index].lo};
    const struct dd product = dd_product(root.hi, p.hi);
    struct dd sum = dd_sum_ordered(root.hi, product.hi);

    *exponent = (n - index) / 64;
    sum.lo += product.lo + (root.lo + (root.hi * p.lo + root.lo * p.hi));
    return dd_sum_ordered(sum.hi, sum.lo);
}

struct dd dd_exp_scaled(struct dd x, int *exponent)
{
    struct dd r;
    int n;

    *exponent = 0;
    if (!(fabs(x.hi) < FARTHEST)) /* also NaN */
        return dd_of(x.hi < 0 ? 0 : x.hi + HUGE_VAL);
    r = reduce(x, &n);
    return power(n, expm1_reduced(r), exponent);
}

struct dd dd_exp(struct dd x)
{
    int exponent;
    const struct dd result = dd_exp_scaled(x, &exponent);

    return dd_scale(result, exponent);
}

struct dd dd_expm1(struct dd x)
{
    struct dd r;
    int n;

    if (!(fabs(x.hi) < 709)) { /* also NaN */
        r = dd_exp(x);
        return x.hi < 0 ? dd_of(-1) : r;
    }
    r = expm1_reduced(reduce(x, &n));
    if (n == 0)
        return r;
    r = power(n, r, &n);
    return dd_add_double(dd_scale(r, n), -1);
}

/* log(1 + x) = y + log(1 + d), where y is near and 1 + d = (1 + x) e^-y; |d| < 2^-52 |y|. */
static struct dd log1p_near(struct dd x)
{
    const double y = real_log1p(x.hi);
    const struct dd e = dd_expm1(dd_of(-y));

    return dd_sum(y, dd_add(dd_add(x, e), dd_mul(x, e)).hi);
}

/* The same of log x, where it is not near 0. */
static struct dd log_far(struct dd x)
{
    const double y = real_log(x.hi);
    int exponent;
    const struct dd e = dd_exp_scaled(dd_of(-y), &exponent);

    return dd_sum(y, dd_add_double(dd_mul(dd_scale(x, exponent), e), -1).hi);
}

struct dd dd_log(struct dd x)
{
    if (!(x.hi > 0 && x.hi < HUGE_VAL))
        return dd_of(real_log(x.hi));
    return fabs(x.hi - 1) < NEAR ? log1p_near(dd_add_double(x, -1)) : log_far(x);
}

struct dd dd_log1p(struct dd x)
{
    if (fabs(x.hi) < NEAR)
        return log1p_near(x);
    return dd_log(x.hi < HUGE_VAL ? dd_add_double(x, 1) : x);
}
