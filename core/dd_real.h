/* dd_real.h - exp, expm1, log and log1p of double-doubles.
 *
 * They are within 2^-66 of the result, relative to it, and take every x: NaN gives NaN, and an
 * infinity or a result beyond doubles has that hi and a finite lo. */
#ifndef CORE_DD_REAL_H
#define CORE_DD_REAL_H

#include "core/dd.h"

/* A result below 2^-968 has no full lo: hi is still within 0.51 units of its last place, and lo is
 * what is left of it, 0 at last. */
struct dd dd_exp(struct dd x);

/* exp(x) is the result times 2^exponent; the result is in (0.99, 2), or 0 below exp(-2^20), +inf
 * above exp(2^20). */
struct dd dd_exp_scaled(struct dd x, int *exponent);

struct dd dd_expm1(struct dd x); /* also for x near 0 */
struct dd dd_log(struct dd x);   /* also for x near 1; x < 0: NaN; 0: -inf */
struct dd dd_log1p(struct dd x); /* also for x near 0; x < -1: NaN; -1: -inf */

#endif
