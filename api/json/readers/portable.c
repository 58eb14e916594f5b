/* portable.c - parses decimal numbers on any CPU, eight digits at a time.  (base64_groups.h decodes
 * base64.)
 *
 * A number is w * 10^e with an integer w.  If w has at most 19 digits and |e| <= 22, then 10^e is a
 * double, and one or two operations with a known error give a double near the value.  If the error
 * could change the rounding, and in all other cases, strtof or strtod decides.  The exact case is
 * from Clinger, "How to read floating point numbers accurately", 1990. */
#include "api/json/reader.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 19 /* 10^19 < 2^64 */
#define MOST_POWER 22  /* 10^22 is the last power of ten that is a double */

static const double powers_of_ten[MOST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct decimal {
    uint64_t digits;    /* w */
    size_t significant; /* digits of w without leading zeros; above MOST_DIGITS w is wrong */
    int exponent;       /* e */
    bool negative;
};

/* ---- text ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool are_eight_digits(uint64_t text)
{
    return (
        ((text & 0xf0f0f0f0f0f0f0f0) | (((text + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4))
        == 0x3333333333333333);
}

/* Convert eight digits, the first in the lowest byte: pairs, then fours, then all. */
static uint64_t eight_digits(uint64_t text)
{
    text -= 0x3030303030303030;
    text = text * 10 + (text >> 8);
    return (((text & 0x000000ff000000ff) * 0x000f424000000064)
            + ((text >> 16 & 0x000000ff000000ff) * 0x0000271000000001))
           >> 32;
}

/* Append a run of digits to w.  Returns the byte after it. */
static const char *read_digits(const char *c, const char *end, uint64_t *digits)
{
    uint64_t text;

    for (; end - c >= 8; c += 8) {
        memcpy(&text, c, sizeof text);
        if (!are_eight_digits(text))
            break;
        *digits = *digits * 100000000 + eight_digits(text);
    }
    for (; is_digit(*c); c++)
        *digits = *digits * 10 + (uint64_t)(*c - '0');
    return c;
}

/* Parse a fraction: at least one digit after the point. */
static const char *read_fraction(const char *c, const char *end, struct decimal *decimal)
{
    const char *start = c, *first;

    if (!is_digit(*c))
        return NULL;
    while (decimal->significant == 0 && *c == '0')
        c++;
    first = c;
    c = read_digits(c, end, &decimal->digits);
    decimal->significant += (size_t)(c - first);
    decimal->exponent -= c - start < 100000 ? (int)(c - start) : 100000;
    return c;
}

static const char *read_exponent(const char *c, struct decimal *decimal)
{
    const bool negative = *c == '-';
    int exponent = 0;

    c += negative || *c == '+';
    if (!is_digit(*c))
        return NULL;
    for (; is_digit(*c); c++)
        exponent = exponent < 100000 ? exponent * 10 + (*c - '0') : exponent;
    decimal->exponent += negative ? -exponent : exponent;
    return c;
}

/* Parse a number (RFC 8259 section 6).  NULL: there is none. */
static const char *decimal_read(const char *c, const char *end, struct decimal *decimal)
{
    const char *start;

    *decimal = (struct decimal){.negative = *c == '-'};
    c += decimal->negative;
    if (!is_digit(*c))
        return NULL;
    start = c;
    c = *c == '0' ? c + 1 : read_digits(c, end, &decimal->digits);
    decimal->significant = *start == '0' ? 0 : (size_t)(c - start);
    if (*c == '.')
        c = read_fraction(c + 1, end, decimal);
    if (c && (*c == 'e' || *c == 'E'))
        c = read_exponent(c + 1, decimal);
    return c;
}

/* ---- values ---- */

static bool is_simple(const struct decimal *decimal)
{
    return decimal->significant <= MOST_DIGITS && decimal->exponent >= -MOST_POWER
           && decimal->exponent <= MOST_POWER;
}

/* Round to float by way of a double with an error of at most 1.5 units in its last place: w and the
 * quotient are each rounded once.  A double has 29 bits more than a float.  The number is undecided
 * if these bits are within 8 units of the midpoint, or if the float would be subnormal or too
 * large. */
static bool single_of(const struct decimal *decimal, float *out)
{
    const double w = (double)decimal->digits;
    const double value = decimal->exponent < 0 ? w / powers_of_ten[-decimal->exponent]
                                               : w * powers_of_ten[decimal->exponent];
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    if (value != 0
        && (((bits + 8 - 0x10000000) & 0x1fffffff) <= 16 || value < 0x1p-125 || value > 0x1p127))
        return false;
    *out = decimal->negative ? -(float)value : (float)value;
    return true;
}

/* w = hi + lo, both doubles.  value = sum + rest, with an error of at most `error` in rest.  The
 * nearest double is `sum + rest` if adding the error in either direction does not change it. */
static bool double_of(const struct decimal *decimal, double *out)
{
    const double hi = (double)decimal->digits;
    const double lo = (double)(int64_t)(decimal->digits - (uint64_t)hi);
    const double power = powers_of_ten[abs(decimal->exponent)];
    double sum, rest, error, value;

    if (decimal->exponent < 0) {
        sum = hi / power;
        rest = (fma(-sum, power, hi) + lo) / power; /* rounded twice */
        error = fabs(rest) * 0x1p-51;
    } else {
        const double low = lo * power;

        sum = hi * power;
        rest = fma(hi, power, -sum);
        error = (fabs(rest) + fabs(low)) * 0x1p-51;
        rest += low;
    }
    value = sum + rest;
    *out = decimal->negative ? -value : value;
    return value == sum + (rest - error) && value == sum + (rest + error);
}

const char *number_read_f32(const char *text, const char *end, float *out)
{
    struct decimal decimal;
    const char *next = decimal_read(text, end, &decimal);

    if (next && !(is_simple(&decimal) && single_of(&decimal, out)))
        *out = strtof(text, NULL);
    return next;
}

const char *number_read_f64(const char *text, const char *end, double *out)
{
    struct decimal decimal;
    const char *next = decimal_read(text, end, &decimal);

    if (next && !(is_simple(&decimal) && double_of(&decimal, out)))
        *out = strtod(text, NULL);
    return next;
}

/* ---- runs of numbers ---- */

static const char *skip_space(const char *c)
{
    while (*c == ' ' || *c == '\n' || *c == '\r' || *c == '\t')
        c++;
    return c;
}

/* Parse one number and the comma after it.  NULL: they are not there. */
static const char *element(const char *c, const char *end, float *single, double *number)
{
    c = skip_space(c);
    c = single ? number_read_f32(c, end, single) : number_read_f64(c, end, number);
    if (!c)
        return NULL;
    c = skip_space(c);
    return *c == ',' ? c + 1 : NULL;
}

/* Parse a run.  Every number before the last comma of the text ends before it, so no number needs a
 * check for `end`. */
static size_t read_run(const char *text, const char *end, size_t room, float *singles,
                       double *doubles, bool single, const char **next)
{
    const char *last = memrchr(text, ',', (size_t)(end - text));
    float ignored_single;
    double ignored;
    size_t count = 0;

    *next = text;
    while (last && *next <= last && count < room) {
        float *f = !single ? NULL : singles ? singles + count : &ignored_single;
        const char *c = element(*next, end, f, doubles ? doubles + count : &ignored);

        if (!c)
            break;
        *next = c;
        count++;
    }
    return count;
}

static size_t read_f32(const char *text, const char *end, size_t room, float *out,
                       const char **next)
{
    return read_run(text, end, room, out, NULL, true, next);
}

static size_t read_f64(const char *text, const char *end, size_t room, double *out,
                       const char **next)
{
    return read_run(text, end, room, NULL, out, false, next);
}

const struct reader reader_portable = {"portable", read_f32, read_f64, base64_groups};
