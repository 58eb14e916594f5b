/* wide_real.h - functions of wide numbers, and what they are compared and sorted by.
 *
 * exp, log, log1p and excess are within 2^-62 of their result, relative to it, and take every x:
 * NaN gives NaN.  exp is 0 below -2^20 and infinite above 2^20. */
#ifndef CORE_WIDE_REAL_H
#define CORE_WIDE_REAL_H

#include "core/wide.h"

#include <stdbool.h>
#include <stddef.h>

struct wide wide_minus(struct wide a, struct wide b);
struct wide wide_square(struct wide a);

struct wide wide_exp_of(struct wide x);
struct wide wide_log(struct wide x);    /* x < 0: NaN; 0: -inf */
struct wide wide_log1p(struct wide x);  /* also for x near 0; -1 <= x < 2^1000 */
struct wide wide_excess(struct wide x); /* e^x - 1 - x, also for x near 0 */

bool wide_is_nan(struct wide a);
bool wide_is_finite(struct wide a);
int wide_sign(struct wide a);                 /* -1, 0 or 1; of NaN 0 */
bool wide_less(struct wide a, struct wide b); /* false with a NaN */

/* Sort in ascending order, in place, without allocation.  No NaN. */
void wide_sort(struct wide *values, size_t count);

/* Rounded once. */
struct scaled wide_scaled(struct wide a);

#endif
