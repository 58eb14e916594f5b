/* softcap.c - differences of softcapped logits. */
#include "core/softcap.h"

#include "core/dd_real.h"

#include <stdbool.h>

/* Below this |x| / c, the softcap is x and a series. */
#define NEAR (1.0 / 1024)

/* Below this 2 (x - y) / c, exponentials are not subtracted. */
#define CLOSE (1.0 / 512)

/* tanh is 1 from here on, and what it lacks is 0 times anything. */
#define FLAT 0x1p+19

/* Rounding errors of smaller numbers would be subnormal. */
#define TINY_EXPONENT (-500)
#define TINY 0x1p-500

/* 2 x / c. */
static struct dd twice(struct dd x, double c)
{
    const double ratio = x.hi / c;
    struct dd exact;

    if (!(fabs(ratio) < FLAT))
        return dd_of(ratio < 0 ? -2 * FLAT : 2 * FLAT);
    exact = c < TINY ? dd_div_double(dd_scale(x, -TINY_EXPONENT), c / TINY) : dd_div_double(x, c);
    return (struct dd){2 * exact.hi, 2 * exact.lo};
}

struct capped softcap_by(double c, double x)
{
    struct capped capped;

    capped.x = x;
    capped.lack = dd_exp_scaled(dd_neg(twice(dd_of(fabs(x)), c)), &capped.exponent);
    capped.one_and_lack = dd_add_double(dd_scale(capped.lack, capped.exponent), 1);
    return capped;
}

/* 1 - tanh(x) / x for small x.  The truncated terms are below 2^-60 of it. */
static double bend(double x)
{
    const double s = x * x;

    return s * (1.0 / 3 - s * (2.0 / 15 - s * (17.0 / 315)));
}

/* tanh X - tanh Y = tanh(X - Y) (1 - tanh X tanh Y). */
static struct capped_gap near_gap(double c, double x, double y)
{
    const struct dd all = dd_sum(x, -y);
    const double scaled_x = x / c, scaled_y = y / c, bent = bend(scaled_x - scaled_y);
    const double tanh_x = scaled_x - scaled_x * bend(scaled_x);
    const double tanh_y = scaled_y - scaled_y * bend(scaled_y);

    return (struct capped_gap){all, all.hi * (bent + (1 - bent) * tanh_x * tanh_y), 0};
}

/* 2 |x - y| / c; where x - y may be beyond doubles, it is scaled, and c is. */
static struct dd twice_apart(double c, double x, double y)
{
    const double unit = c > 1 ? 0.25 : 1;
    const struct dd apart = dd_sum(x * unit, -y * unit);

    return twice(apart.hi < 0 ? dd_neg(apart) : apart, c * unit);
}

/* For |x| >= |y|.  With e = e^(-2 |x| / c) and f = e^(-2 |y| / c), |tanh X - tanh Y| is
 *
 *     2 (f - e) / ((1 + e) (1 + f))     if x and y have one sign, and
 *     2 (1 - e f) / ((1 + e) (1 + f))   if not;
 *
 * where that would cancel, f (1 - e^-w) / ... and (1 - e^-w) / ... with w = 2 |x - y| / c. */
static struct capped_gap far_gap(double c, const struct capped *x, const struct capped *y)
{
    const bool one_sign = (x->x < 0) == (y->x < 0);
    const struct dd apart = twice_apart(c, x->x, y->x);
    struct dd size;

    if (apart.hi < CLOSE) {
        size = dd_neg(dd_expm1(dd_neg(apart)));
        size = one_sign ? dd_mul(size, y->lack) : size;
    } else if (one_sign)
        size = dd_sub(y->lack, dd_scale(x->lack, x->exponent - y->exponent));
    else
        size = dd_sub(dd_of(1), dd_scale(dd_mul(x->lack, y->lack), x->exponent + y->exponent));
    size = dd_mul_double(size, x->x > y->x ? c / 4 : -c / 4); /* c may be the largest double */
    size = dd_div(size, dd_mul(x->one_and_lack, y->one_and_lack));
    return (struct capped_gap){size, 0, one_sign ? y->exponent + 3 : 3};
}

static struct capped_gap any_gap(double c, const struct capped *x, const struct capped *y)
{
    struct capped_gap gap;

    if (fabs(x->x) < c * NEAR && fabs(y->x) < c * NEAR)
        return near_gap(c, x->x, y->x);
    if (fabs(x->x) >= fabs(y->x))
        return far_gap(c, x, y);
    gap = far_gap(c, y, x);
    gap.plain = dd_neg(gap.plain);
    return gap;
}

static struct capped_gap tiny_gap(double c, struct capped x, struct capped y)
{
    struct capped_gap gap;

    x.x /= TINY; /* infinite where it is flat */
    y.x /= TINY;
    gap = any_gap(c / TINY, &x, &y);
    gap.exponent += TINY_EXPONENT;
    return gap;
}

struct capped_gap softcap_gap(double c, const struct capped *x, const struct capped *y)
{
    if (c == 0 || x->x == y->x)
        return (struct capped_gap){dd_sum(x->x, -y->x), 0, 0};
    return c < TINY ? tiny_gap(c, *x, *y) : any_gap(c, x, y);
}
