/* capped.h - softcapped logits, for softcaps that are not far above the temperature.
 *
 * With z = 2 |x| / c,
 *
 *     c tanh(|x| / c) = c (1 - 2 e^-z / (1 + e^-z))
 *
 * as a double-double is within 2^-63 c.  Of the exponent x L of a term, which is below
 * CAPPED_EXPONENT, that is 2^-56.  Nothing branches, so a compiler may use vectors. */
#ifndef CORE_KERNELS_CAPPED_H
#define CORE_KERNELS_CAPPED_H

#include "core/dd_exp.h"
#include "core/row.h"

#define CAPPED_EXPONENT 128.0
#define CAPPED_MOST 0x1p+500 /* of c, and its inverse; so that nothing leaves the doubles */
#define FLAT 100.0           /* |x| / c: tanh is 1 from here on */

struct capper {
    double cap, inverse; /* c and 1 / c */
    double size;         /* c unit */
};

static bool capper_make(const struct transform *transform, struct capper *capper)
{
    const double cap = transform->softcap, size = cap * transform->unit;

    *capper = (struct capper){cap, 1 / cap, size};
    return cap > 1 / CAPPED_MOST && cap < CAPPED_MOST
           && size * transform->scale.hi <= CAPPED_EXPONENT;
}

/* softcap(x) unit; a mask stays one. */
static inline struct dd capper_run(const struct capper *capper, double x)
{
    const double size = fabs(x) < FLAT * capper->cap ? fabs(x) : FLAT * capper->cap;
    const double hi = 2 * size * capper->inverse;
    const struct dd z = {-hi, -fma(-hi, capper->cap, 2 * size) * capper->inverse};
    int n, exponent;
    const struct dd r = dd_exp_reduce(z, &n);
    const struct dd power = dd_exp_power(n, dd_expm1_reduced(r), &exponent);
    const struct dd e = dd_scale(power, exponent);
    const struct dd sum = dd_sum_ordered(1, e.hi);
    const double inverse = 1 / sum.hi, part = 2 * e.hi * inverse;
    const double rest = fma(-part, sum.hi, 2 * e.hi) + 2 * e.lo - part * (sum.lo + e.lo);
    const struct dd less = dd_sum_ordered(1, -part);
    const struct dd capped =
        dd_mul_double((struct dd){less.hi, less.lo - rest * inverse}, capper->size);

    return x == -HUGE_VAL ? dd_of(x) : x < 0 ? dd_neg(capped) : capped;
}

#endif
