/* scaled.c - a double with an exponent of its own. */
#include "core/scaled.h"

#include <float.h>

#define FRACTION_BITS 52
#define EXPONENT_MASK 0x7ffu
#define BIAS 1023

static unsigned exponent_field(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return (unsigned)(bits >> FRACTION_BITS) & EXPONENT_MASK;
}

/* Whether x is an ordinary number with all its bits. */
static bool is_full(double x)
{
    return fabs(x) >= DBL_MIN && fabs(x) <= DBL_MAX;
}

/* The same number with 1 <= |value| < 2; zero, infinities and NaN as they are. */
static struct scaled unit_of(struct scaled a)
{
    int exponent;

    if (a.value == 0 || !(fabs(a.value) <= DBL_MAX))
        return a;
    if (fabs(a.value) < DBL_MIN)
        a = (struct scaled){a.value * 0x1p64, a.exponent - 64};
    exponent = (int)exponent_field(a.value) - BIAS;
    return (struct scaled){scaled_shift(a.value, -exponent), a.exponent + exponent};
}

struct scaled scaled_make(double value, int exponent)
{
    const struct scaled unit = unit_of((struct scaled){value, exponent});
    double whole;

    if (unit.value == 0 || !(fabs(unit.value) <= DBL_MAX))
        return (struct scaled){unit.value, 0};
    whole = scaled_shift(unit.value, unit.exponent);
    if (is_full(whole) || scaled_shift(whole, -unit.exponent) == unit.value)
        return (struct scaled){whole, 0};
    return unit;
}

/* Whether both are doubles.  If their result is one with all its bits, it is rounded once. */
static bool is_plain(struct scaled a, struct scaled b)
{
    return a.exponent == 0 && b.exponent == 0;
}

struct scaled scaled_plus(struct scaled a, struct scaled b)
{
    const double sum = a.value + b.value;
    struct scaled more, less;

    if (is_plain(a, b) && (is_full(sum) || a.value == 0 || b.value == 0))
        return (struct scaled){sum, 0};
    more = unit_of(a);
    less = unit_of(b);
    if (more.value == 0 || (less.value != 0 && less.exponent > more.exponent)) {
        const struct scaled swapped = more;

        more = less;
        less = swapped;
    }
    return scaled_make(more.value + scaled_shift(less.value, less.exponent - more.exponent),
                       more.exponent);
}

struct scaled scaled_times(struct scaled a, struct scaled b)
{
    const double product = a.value * b.value;

    if (is_plain(a, b) && is_full(product))
        return (struct scaled){product, 0};
    a = unit_of(a);
    b = unit_of(b);
    return scaled_make(a.value * b.value, a.exponent + b.exponent);
}

struct scaled scaled_over(struct scaled a, struct scaled b)
{
    const double quotient = a.value / b.value;

    if (is_plain(a, b) && is_full(quotient))
        return (struct scaled){quotient, 0};
    a = unit_of(a);
    b = unit_of(b);
    return scaled_make(a.value / b.value, a.exponent - b.exponent);
}

struct scaled scaled_root(struct scaled a)
{
    a = unit_of(a);
    if (a.exponent % 2 != 0)
        a = (struct scaled){a.value * 2, a.exponent - 1};
    return scaled_make(sqrt(a.value), a.exponent / 2);
}

double scaled_double(struct scaled a)
{
    return a.exponent == 0 ? a.value : scaled_shift(a.value, a.exponent);
}

bool scaled_fits(struct scaled a, double *value)
{
    *value = scaled_double(a);
    return fabs(*value) <= DBL_MAX;
}

#define WORD_BITS 64
#define PRECISION 53         /* of a double */
#define LOWEST (-1074)       /* the exponent of the smallest double */
#define MIN_EXPONENT (-1022) /* of a double with all its bits, also if it is rounded up */
#define MAX_EXPONENT 1023

/* The leading `bits` bits, 0 to 53, of a number: the whole number nearest to it in units of the
 * last of them. */
static double round_bits(const struct leading *leading, int bits)
{
    const uint64_t kept = bits == 0 ? 0 : leading->bits >> (WORD_BITS - bits);
    const uint64_t rest = bits == 0 ? leading->bits : leading->bits << bits;
    const uint64_t half = (uint64_t)1 << (WORD_BITS - 1);
    const bool above = rest > half || (rest == half && (leading->next != 0 || leading->more));
    const double rounded = (double)(kept + (above || (rest == half && (kept & 1))));

    return leading->negative ? -rounded : rounded;
}

struct scaled leading_scaled(const struct leading *leading)
{
    const double rounded = round_bits(leading, PRECISION);
    const int exponent = leading->exponent - PRECISION + 1;

    if (leading->exponent < MIN_EXPONENT || leading->exponent >= MAX_EXPONENT)
        return scaled_make(rounded, exponent);
    return (struct scaled){scaled_shift(rounded, exponent), 0};
}

double leading_double(const struct leading *leading)
{
    const int bits = leading->exponent - LOWEST + 1;
    const int kept = bits < PRECISION ? bits : PRECISION;

    return bits < 0 ? 0 : scaled_shift(round_bits(leading, kept), leading->exponent - kept + 1);
}
