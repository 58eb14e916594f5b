/* dd_real.c - exp and log of double-doubles.
 *
 * exp(x) is that of dd_exp.h.  A logarithm is that of core/real.h and one step of Newton's method.
 */
#include "core/dd_real.h"

#include "core/dd_exp.h"
#include "core/real.h"

#define FARTHEST 0x1p+20 /* exp is computed where |x| is less */
#define NEAR 0.4         /* log(1 + x) is near 0 where |x| is less */

struct dd dd_exp_scaled(struct dd x, int *exponent)
{
    struct dd r;
    int n;

    *exponent = 0;
    if (!(fabs(x.hi) < FARTHEST)) /* also NaN */
        return dd_of(x.hi < 0 ? 0 : x.hi + HUGE_VAL);
    r = dd_exp_reduce(x, &n);
    return dd_exp_power(n, dd_expm1_reduced(r), exponent);
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
    r = dd_expm1_reduced(dd_exp_reduce(x, &n));
    if (n == 0)
        return r;
    r = dd_exp_power(n, r, &n);
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
