/* wide_real.c - functions of wide numbers. */
#include "core/wide_real.h"

#include "core/dd_real.h"
#include "core/heapsort.h"
#include "core/real_tables.h"

#include <float.h>

#define TINY 0x1p-110 /* of x below that, x is log(1 + x), and x^2 / 2 is e^x - 1 - x */
#define NEAR 512      /* exponents of which a wide number is surely a double-double */

struct wide wide_minus(struct wide a, struct wide b)
{
    return wide_plus(a, wide_neg(b));
}

struct wide wide_square(struct wide a)
{
    return wide_times(a, a);
}

struct wide wide_exp_of(struct wide x)
{
    return wide_exp(wide_dd(x));
}

/* log value + exponent log 2, or the log of the number itself where that may be near 0. */
struct wide wide_log(struct wide x)
{
    const struct dd ln2 = {LN2, LN2_REST};

    if (x.exponent > -NEAR && x.exponent < NEAR)
        return wide_of_dd(dd_log(wide_dd(x)));
    return wide_of_dd(dd_add(dd_log(x.value), dd_mul_double(ln2, (double)x.exponent)));
}

/* Whether |x| is below TINY. */
static bool is_tiny(struct wide x)
{
    return fabs(wide_dd(x).hi) < TINY;
}

struct wide wide_log1p(struct wide x)
{
    return is_tiny(x) ? x : wide_of_dd(dd_log1p(wide_dd(x)));
}

/* x^2/2 (1 + x/3 (1 + x/4 (...))) */
static struct dd excess_series(struct dd x)
{
    struct dd rest = {1, 0};

    for (int n = 18; n >= 3; n--)
        rest = dd_add_double(dd_div_double(dd_mul(x, rest), n), 1);
    return dd_mul(dd_div_double(dd_mul(x, x), 2), rest);
}

struct wide wide_excess(struct wide x)
{
    const double near = wide_dd(x).hi;

    if (!(fabs(near) < 0.5))
        return wide_minus(wide_plus(wide_exp_of(x), wide_of(-1)), x);
    if (is_tiny(x))
        return wide_times(wide_of(0.5), wide_square(x));
    return wide_of_dd(excess_series(wide_dd(x)));
}

/* ---- what it is ---- */

bool wide_is_nan(struct wide a)
{
    return isnan(a.value.hi);
}

bool wide_is_finite(struct wide a)
{
    return fabs(a.value.hi) <= DBL_MAX;
}

int wide_sign(struct wide a)
{
    return (a.value.hi > 0) - (a.value.hi < 0);
}

bool wide_less(struct wide a, struct wide b)
{
    return wide_compare(a, b) == -1;
}

static bool is_less(const void *a, const void *b)
{
    return wide_less(*(const struct wide *)a, *(const struct wide *)b);
}

void wide_sort(struct wide *values, size_t count)
{
    heapsort_entries(values, count, sizeof *values, is_less);
}

struct scaled wide_scaled(struct wide a)
{
    return scaled_make(a.value.hi, (int)a.exponent);
}
