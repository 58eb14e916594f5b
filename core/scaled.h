/* scaled.h - a double with an exponent of its own, for numbers that may lie beyond doubles.
 *
 * Each operation rounds once, within u = 2^-53 of its exact result: nothing overflows or vanishes.
 * So a mean of sums that no double holds is right, and the answer is rounded where it is written.
 */
#ifndef CORE_SCALED_H
#define CORE_SCALED_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* value * 2^exponent.  The exponent is 0 for zero, infinities and NaN, and for every number that a
 * double can hold with all its bits. */
struct scaled {
    double value;
    int exponent;
};

/* ldexp(x, n), which is one product where 2^n is a double. */
static inline double scaled_shift(double x, int n)
{
    const uint64_t bits = (uint64_t)(n + 1023) << 52;
    double power;

    if (n < -1022 || n > 1023)
        return ldexp(x, n);
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

/* value * 2^exponent, in that form. */
struct scaled scaled_make(double value, int exponent);

struct scaled scaled_plus(struct scaled a, struct scaled b);
struct scaled scaled_times(struct scaled a, struct scaled b);
struct scaled scaled_over(struct scaled a, struct scaled b);
struct scaled scaled_root(struct scaled a);

/* The nearest double: an infinity above the largest, few bits or 0 below 2^-1022. */
double scaled_double(struct scaled a);

/* The same; false for an infinity, NaN, or a number beyond the largest double. */
bool scaled_fits(struct scaled a, double *value);

/* The leading bits of an exact number that is not 0. */
struct leading {
    uint64_t bits, next; /* the first 64 and the 64 behind; the highest bit of `bits` is set */
    int exponent;        /* of that bit */
    bool more;           /* whether a bit that is not 0 follows */
    bool negative;
};

/* The number rounded once, ties to even. */
struct scaled leading_scaled(const struct leading *leading);
double leading_double(const struct leading *leading); /* also where a double has fewer bits */

#endif
