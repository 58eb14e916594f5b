/* wide.h - a double-double with an exponent of its own, for products of numbers that lie beyond
 * doubles.
 *
 * Its value is value * 2^exponent.  Operations are within 16 u^2 of their exact result, u = 2^-53:
 * nothing overflows or vanishes on the way.  An infinity or NaN is that hi, with lo and exponent 0.
 * NaN means that there is no number: inf - inf.  A factor of exactly 0 makes a product 0, also
 * times an infinity or NaN. */
#ifndef CORE_WIDE_H
#define CORE_WIDE_H

#include "core/dd.h"
#include "core/exact_sum.h"

struct wide {
    struct dd value;
    int64_t exponent; /* as wide as a double, so that copies have no padding */
};

/* ---- what is done for every token is inline, where it needs no care ---- */

/* Whether a value has the size of those that are kept: products of two are doubles. */
static inline bool wide_is_plain(double x)
{
    return fabs(x) > 0x1p-128 && fabs(x) < 0x1p128;
}

/* The same number, with a value of that size. */
struct wide wide_settle(struct dd value, int64_t exponent);

static inline struct wide wide_make(struct dd value, int64_t exponent)
{
    return wide_is_plain(value.hi) ? (struct wide){value, exponent} : wide_settle(value, exponent);
}

static inline struct wide wide_of_dd(struct dd x)
{
    return wide_make(x, 0);
}

static inline struct wide wide_of(double x)
{
    return wide_make(dd_of(x), 0);
}

static inline struct wide wide_neg(struct wide a)
{
    return (struct wide){dd_neg(a.value), a.exponent};
}

struct wide wide_times_any(struct wide a, struct wide b);

static inline struct wide wide_times(struct wide a, struct wide b)
{
    if (!wide_is_plain(a.value.hi) || !wide_is_plain(b.value.hi))
        return wide_times_any(a, b);
    return wide_make(a.value.lo == 0   ? dd_mul_double(b.value, a.value.hi)
                     : b.value.lo == 0 ? dd_mul_double(a.value, b.value.hi)
                                       : dd_mul(a.value, b.value),
                     a.exponent + b.exponent);
}

/* -1, 0 or 1 as a is less than b, equal or greater; 2 if one is NaN. */
int wide_compare_any(struct wide a, struct wide b);

static inline int wide_compare(struct wide a, struct wide b)
{
    if (a.exponent != b.exponent || !wide_is_plain(a.value.hi) || !wide_is_plain(b.value.hi)
        || a.value.hi == b.value.hi)
        return wide_compare_any(a, b);
    return a.value.hi < b.value.hi ? -1 : 1;
}

struct wide wide_plus_any(struct wide a, struct wide b);

static inline struct wide wide_plus(struct wide a, struct wide b)
{
    if (a.exponent != b.exponent || !wide_is_plain(a.value.hi) || !wide_is_plain(b.value.hi))
        return wide_plus_any(a, b);
    return wide_make(dd_add(a.value, b.value), a.exponent);
}

struct wide wide_over(struct wide a, struct wide b);

/* ---- others ---- */

struct wide wide_of_number(const struct exact_number *number);
struct wide wide_of_sum(const struct exact_sum *sum); /* as its terms say: also infinite, or NaN */
struct wide wide_mean(const struct exact_sum *sum, size_t count); /* of no term NaN */

/* exp(x), and exp(x) - 1 of x within doubles: its square does not vanish. */
struct wide wide_exp(struct dd x);
struct wide wide_expm1(struct wide x);

/* The nearest double-double or double; an infinity beyond them. */
struct dd wide_dd(struct wide a);
double wide_double(struct wide a);

/* Beyond 2^1900 a term is an infinity. */
void wide_add_to(struct exact_sum *sum, struct wide term);

/* Many terms. */
void wide_add_all(struct exact_sum *sum, const struct wide *terms, size_t count);

#endif
