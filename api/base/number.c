/* number.c - writes doubles as the shortest decimal text that reads back to the same double.
 *
 * There are two ways.  The fast one works in exact integers, for most numbers of an answer: as in
 * Steele and White, "How to print floating-point numbers accurately", 1990, with the integers of
 * Adams, "Ryu", 2018.  The plain one uses printf and strtod, for all other numbers.  It is the
 * specification of the fast one. */
#include "api/base/number.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 17

/* value = 0.d1 d2 ... dn * 10^point; d1 and dn are not 0 */
struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int point;
};

/* ---- printf and strtod ---- */

/* Split the text d.ddde+xx that printf wrote. */
static void decimal_read(struct decimal *decimal, const char *text)
{
    const char *exponent = strchr(text, 'e');

    decimal->count = 0;
    for (const char *c = text; c < exponent; c++)
        if (*c != '.')
            decimal->digits[decimal->count++] = *c;
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
    decimal->point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

/* Increase the last digit printed in `text` by one unit. */
static void round_up(char *text)
{
    char *last = strchr(text, 'e') - 1;

    while (last > text && (*last == '9' || *last == '.')) {
        if (*last == '9')
            *last = '0';
        last--;
    }
    if (*last != '9')
        (*last)++;
}

/* Whether `count` digits are enough for `value`.  If so, `text` has them. */
static bool try_digits(double value, int count, bool lopsided, char text[static 40])
{
    snprintf(text, 40, "%.*e", count - 1, value);
    if (strtod(text, NULL) == value)
        return true;
    if (!lopsided)
        return false;
    round_up(text);
    return strtod(text, NULL) == value;
}

/* A decimal of at most 15 digits does not change on the way through a normal double.  So if a text
 * of at most 15 digits reads back, it equals printf's 15 correctly rounded digits, without trailing
 * zeros.  Otherwise 16 digits are tried, and 17 are always enough.  There are two exceptions, which
 * cost a few more tries.  Below a power of two the doubles are twice as dense as above it, so the
 * nearest decimal may not read back although the next one up does.  And subnormal numbers have
 * fewer than 15 digits.  value > 0. */
static void decimal_plain(struct decimal *decimal, double value)
{
    int exponent;
    const bool lopsided = frexp(value, &exponent) == 0.5;
    int count = value < DBL_MIN ? 1 : 15;
    char text[40];

    while (count < MOST_DIGITS && !try_digits(value, count, lopsided, text))
        count++;
    if (count == MOST_DIGITS)
        snprintf(text, sizeof text, "%.*e", count - 1, value);
    decimal_read(decimal, text);
}

/* ---- exact integers ---- */

__extension__ typedef unsigned __int128 uint128;

#define LEAST_EXACT 1e-10
#define MOST_EXACT 0x1p53
#define DIGITS_SCALE UINT64_C(10000000000000000) /* 10^16: numbers from here on have 17 digits */

/* All powers below 2^63. */
static const uint64_t powers_of_five[28] = {1,
                                            5,
                                            25,
                                            125,
                                            625,
                                            3125,
                                            15625,
                                            78125,
                                            390625,
                                            1953125,
                                            9765625,
                                            48828125,
                                            244140625,
                                            1220703125,
                                            UINT64_C(6103515625),
                                            UINT64_C(30517578125),
                                            UINT64_C(152587890625),
                                            UINT64_C(762939453125),
                                            UINT64_C(3814697265625),
                                            UINT64_C(19073486328125),
                                            UINT64_C(95367431640625),
                                            UINT64_C(476837158203125),
                                            UINT64_C(2384185791015625),
                                            UINT64_C(11920928955078125),
                                            UINT64_C(59604644775390625),
                                            UINT64_C(298023223876953125),
                                            UINT64_C(1490116119384765625),
                                            UINT64_C(7450580596923828125)};

/* value * 10^k as a whole number of 17 digits and a rest.  The numbers from `low` to `high` read
 * back to value. */
struct scaled {
    uint64_t whole, low, high;
    uint128 rest; /* in units of 2^-shift */
    int shift, k;
};

/* value = m 2^e.  The numbers that read back to it are between the midpoints to its neighbours:
 * from (4 m - 2) 2^(e-2), or (4 m - 1) 2^(e-2) if the lower neighbour is nearer, to (4 m + 2)
 * 2^(e-2).  The midpoints themselves count if m is even.  All of this times 5^k 2^k fits into 119
 * bits. */
static bool scale(struct scaled *scaled, double value, int k)
{
    int exponent;
    const uint64_t m = (uint64_t)ldexp(frexp(value, &exponent), 53);
    const uint64_t five = powers_of_five[k], below = m == UINT64_C(1) << 52 ? 1 : 2;
    const int shift = 55 - exponent - k;
    const uint128 one = (uint128)1 << shift, middle = (uint128)(4 * m) * five;
    const uint128 low = middle - below * five, high = middle + (uint128)2 * five;
    const bool closed = m % 2 == 0;

    scaled->k = k;
    scaled->shift = shift;
    scaled->whole = (uint64_t)(middle >> shift);
    scaled->rest = middle & (one - 1);
    scaled->low = (uint64_t)((low + one - 1) >> shift) + (!closed && (low & (one - 1)) == 0);
    scaled->high = (uint64_t)(high >> shift) - (!closed && (high & (one - 1)) == 0);
    return scaled->whole >= DIGITS_SCALE && scaled->whole < 10 * DIGITS_SCALE;
}

/* Compare the digits that were cut off with half a unit of the last one: 1 (above), 0 or -1
 * (below). */
static int against_half(unsigned last, bool more)
{
    if (last != 5)
        return last > 5 ? 1 : -1;
    return more ? 1 : 0;
}

/* Of the numbers that read back, choose the multiple of the largest possible power of ten; of
 * several the nearest, and of two equally near the even one.  *zeros is the exponent of the
 * power. */
static uint64_t shortest(const struct scaled *scaled, int *zeros)
{
    const uint128 half = (uint128)1 << (scaled->shift - 1);
    uint64_t high = scaled->high, below = scaled->low - 1, multiple = scaled->whole;
    bool more = scaled->rest > 0;
    unsigned last = 0;
    int side;

    for (*zeros = 0; high / 10 > below / 10; ++*zeros) {
        more |= last > 0;
        last = (unsigned)(multiple % 10);
        multiple /= 10;
        high /= 10;
        below /= 10;
    }
    side = *zeros > 0 ? against_half(last, more) : scaled->rest > half ? 1 : -(scaled->rest < half);
    multiple += side > 0 || (side == 0 && multiple % 2 == 1);
    multiple -= multiple > high;
    return multiple + (multiple <= below);
}

/* digits * 10^zeros */
static void decimal_of(struct decimal *decimal, uint64_t digits, int zeros)
{
    char text[MOST_DIGITS];
    size_t at = MOST_DIGITS;

    for (; digits > 0; digits /= 10)
        text[--at] = (char)('0' + digits % 10);
    decimal->count = (int)(MOST_DIGITS - at);
    memcpy(decimal->digits, text + at, MOST_DIGITS - at);
    decimal->point = decimal->count + zeros;
}

/* A whole number below 2^53. */
static void decimal_whole(struct decimal *decimal, uint64_t whole)
{
    int zeros = 0;

    for (; whole % 10 == 0; whole /= 10)
        zeros++;
    decimal_of(decimal, whole, zeros);
}

/* LEAST_EXACT <= value < MOST_EXACT */
static void decimal_exact(struct decimal *decimal, double value)
{
    struct scaled scaled;
    int exponent, zeros, k;
    uint64_t digits;

    if (value == rint(value)) {
        decimal_whole(decimal, (uint64_t)value);
        return;
    }
    frexp(value, &exponent);
    k = 16
        - (int)floor((exponent - 1)
                     * 0.30102999566398120); /* log10(2): the result is right, or one too large */
    if (!scale(&scaled, value, k))
        scale(&scaled, value, k - 1);
    digits = shortest(&scaled, &zeros);
    decimal_of(decimal, digits, zeros - scaled.k);
}

/* ---- layout ---- */

static size_t put_zeros(char *out, int count)
{
    memset(out, '0', (size_t)count);
    return (size_t)count;
}

static size_t put_digits(char *out, const struct decimal *decimal, int from, int to)
{
    memcpy(out, decimal->digits + from, (size_t)(to - from));
    return (size_t)(to - from);
}

/* 0 to 999 */
static size_t put_count(char *out, int count)
{
    size_t length = 0;

    if (count >= 100)
        out[length++] = (char)('0' + count / 100);
    if (count >= 10)
        out[length++] = (char)('0' + count / 10 % 10);
    out[length++] = (char)('0' + count % 10);
    return length;
}

static size_t put_exponential(char *out, const struct decimal *decimal)
{
    size_t length = put_digits(out, decimal, 0, 1);

    if (decimal->count > 1) {
        out[length++] = '.';
        length += put_digits(out + length, decimal, 1, decimal->count);
    }
    out[length++] = 'e';
    out[length++] = decimal->point > 0 ? '+' : '-';
    return length + put_count(out + length, abs(decimal->point - 1));
}

/* ECMA-262 Number::toString, steps 6 to 12, with n = point and k = count. */
static size_t decimal_print(const struct decimal *decimal, char *out)
{
    const int point = decimal->point, count = decimal->count;
    size_t length = 0;

    if (point > 21 || point <= -6)
        return put_exponential(out, decimal);
    if (point <= 0) {
        out[length++] = '0';
        out[length++] = '.';
        length += put_zeros(out + length, -point);
        return length + put_digits(out + length, decimal, 0, count);
    }
    if (count <= point) {
        length += put_digits(out, decimal, 0, count);
        return length + put_zeros(out + length, point - count);
    }
    length += put_digits(out, decimal, 0, point);
    out[length++] = '.';
    return length + put_digits(out + length, decimal, point, count);
}

typedef void decimal_f(struct decimal *decimal, double value);

/* value > 0 */
static size_t print(double value, decimal_f *shortest_of, char *out)
{
    struct decimal decimal;

    shortest_of(&decimal, value);
    return decimal_print(&decimal, out);
}

/* A 0, or the sign; returns its length. */
static size_t put_sign(double value, char *out)
{
    out[0] = value == 0 ? '0' : '-';
    return value <= 0;
}

size_t number_print_plain(double value, char *out)
{
    const size_t length = put_sign(value, out);

    return value == 0 ? length : length + print(fabs(value), decimal_plain, out + length);
}

/* ---- memory ---- */

#define MEMORY_BITS 8
#define MEMORY_TEXT 24 /* at most: 0.00000 and 17 digits */

/* Many numbers occur more than once in an answer: objectives share tokens, and a single sequence
 * has the same values as the totals.  So each thread remembers the numbers that it printed last, by
 * a hash. */
struct printed {
    double value; /* 0: none */
    size_t length;
    char text[MEMORY_TEXT];
};

static struct printed *printed_at(double value)
{
    static _Thread_local struct printed memory[1 << MEMORY_BITS];
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return &memory[bits * UINT64_C(0x9e3779b97f4a7c15) >> (64 - MEMORY_BITS)];
}

/* LEAST_EXACT <= value < MOST_EXACT */
static size_t print_exact(double value, char *out)
{
    struct printed *printed = printed_at(value);

    if (printed->value != value) {
        printed->length = print(value, decimal_exact, printed->text);
        printed->value = value;
    }
    memcpy(out, printed->text, MEMORY_TEXT);
    return printed->length;
}

size_t number_print(double value, char *out)
{
    const size_t length = put_sign(value, out);
    const double size = fabs(value);

    if (value == 0)
        return length;
    if (size >= LEAST_EXACT && size < MOST_EXACT)
        return length + print_exact(size, out + length);
    return length + print(size, decimal_plain, out + length);
}
