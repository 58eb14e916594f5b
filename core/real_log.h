/* real_log.h - the steps of log and log1p, inline for kernels.
 *
 * x = 2^k z with z in [0.707, 1.414).  A table has an 8-bit reciprocal c of z, so r = z c - 1 is
 * exact (or nearly) and |r| < 0.0067.  Then log x = k ln2 - log c + log1p(r), summed from the
 * largest part down.  Near 1, k ln2 - log c would cancel, so the series is applied to x - 1 itself.
 */
#ifndef CORE_REAL_LOG_H
#define CORE_REAL_LOG_H

#include "core/real_tables.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LOG_NEAR (1.0 / 64)

/* log(1 + f) for |f| < 1/64: f - f^2/2 with the errors of both operations, and the rest of the
 * series.  The truncated terms are below 1e-19 f. */
static inline double log_near_one(double f)
{
    const double square = f * f, square_error = fma(f, f, -square);
    const double sum = f - square / 2, sum_error = (f - sum) - square / 2;
    double q = 1.0 / 11;

    for (int n = 10; n >= 3; n--)
        q = fma(q, -f, 1.0 / n);
    return sum + (fma(square * f, q, sum_error) - square_error / 2);
}

/* log1p(r) - r for |r| < 0.0067. */
static inline double log_tail(double r)
{
    double q = 1.0 / 8;

    for (int n = 7; n >= 2; n--)
        q = fma(q, -r, 1.0 / n);
    return -q * r * r;
}

/* log(x + low) for normal x > 0 and a low part below its last bit. */
static inline double log_table_sum(double x, double low, int k)
{
    uint64_t bits;
    size_t index;
    double z, scale, r, hi, lo, w;

    memcpy(&bits, &x, sizeof bits);
    index = bits >> 45 & 127;
    k += (int)(bits >> 52) - 1023 + (index >= 53);
    bits = (bits & 0xfffffffffffff) | (uint64_t)(index >= 53 ? 1022 : 1023) << 52;
    memcpy(&z, &bits, sizeof z);
    scale = z / x; /* a power of two: exact */
    r = fma(z, log_table[index].reciprocal, -1.0);
    w = fma((double)k, LN2_HI, log_table[index].log_hi);
    lo = fma((double)k, LN2_LO, log_table[index].log_lo);
    lo += low * scale * log_table[index].reciprocal;
    hi = w + r;
    lo += fabs(w) >= fabs(r) ? (w - hi) + r : (r - hi) + w;
    return hi + (lo + log_tail(r));
}

/* log1p(x) for finite x > -1 that are 0, or at least 2^-54 in size. */
static inline double log1p_finite(double x)
{
    const double one = 1 + x;

    if (fabs(x) < LOG_NEAR)
        return log_near_one(x);
    return log_table_sum(one, x < 1 ? x - (one - 1) : 1 - (one - x), 0);
}

#endif
