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
    int exponent;
};

struct wide wide_of(double x);
struct wide wide_of_dd(struct dd x);
struct wide wide_of_number(const struct exact_number *number);
struct wide wide_of_sum(const struct exact_sum *sum); /* as its terms say: also infinite, or NaN */

struct wide wide_neg(struct wide a);
struct wide wide_times(struct wide a, struct wide b);
struct wide wide_plus(struct wide a, struct wide b);
struct wide wide_over(struct wide a, struct wide b);

/* exp(x), and exp(x) - 1 of x within doubles: its square does not vanish. */
struct wide wide_exp(struct dd x);
struct wide wide_expm1(struct wide x);

/* The nearest double-double or double; an infinity beyond them. */
struct dd wide_dd(struct wide a);
double wide_double(struct wide a);

/* -1, 0 or 1 as a is less than b, equal or greater; 2 if one is NaN. */
int wide_compare(struct wide a, struct wide b);

/* Beyond 2^1900 a term is an infinity. */
void wide_add_to(struct exact_sum *sum, struct wide term);

#endif
