/* softcap.h - differences of softcapped logits.
 *
 * softcap(x) = c tanh(x / c).  Far from 0 it is flat, so logits that differ may be alike after it
 * to more digits than a double has; near 0 it is x, so logits that are an offset apart differ by
 * what a double cannot tell from the offset.  So a softcapped logit is never a number by itself. */
#ifndef CORE_SOFTCAP_H
#define CORE_SOFTCAP_H

#include "core/dd.h"

/* A logit, and what its softcap is made of. */
struct capped {
    double x;
    struct dd lack;         /* e^(-2 |x| / c) = lack 2^exponent; tanh is (1 - that) / (1 + that) */
    struct dd one_and_lack; /* 1 + that */
    int exponent;
};

/* c >= 2^-1022. */
struct capped softcap_by(double c, double x);

/* The same; c = 0 is no softcap, and leaves x alone. */
static inline struct capped softcap_of(double c, double x)
{
    return c > 0 ? softcap_by(c, x) : (struct capped){.x = x};
}

/* softcap(x) - softcap(y) = (plain - bent) 2^exponent.
 *
 * Without a softcap, and if |x| and |y| are below c / 1024, plain is x - y, exactly, and bent is
 * what the softcap takes from it, within 2^-48 of itself.  If not, bent is 0. */
struct capped_gap {
    struct dd plain;
    double bent;
    int exponent;
};

/* Relative error of the whole: 2^-65.  If c is 0, x - y must be within doubles. */
struct capped_gap softcap_gap(double c, const struct capped *x, const struct capped *y);

/* plain - bent. */
static inline struct dd capped_gap_whole(const struct capped_gap *gap)
{
    return gap->bent == 0 ? gap->plain : dd_add_double(gap->plain, -gap->bent);
}

#endif
