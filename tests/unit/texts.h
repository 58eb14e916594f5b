/* texts.h - decimal numbers as clients write them, and as only an adversary does. */
#ifndef TESTS_UNIT_TEXTS_H
#define TESTS_UNIT_TEXTS_H

#include "tests/unit/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define NUMBER_MOST 1000 /* bytes of the longest one, and the white space around it */

enum number_kind {
    SHORTEST_FLOAT,
    SHORTEST_DOUBLE,
    SEVENTEEN_DIGITS,
    FOUR_DECIMALS,
    INTEGER,
    ANY_DIGITS,
    FLOAT_MIDPOINT,
    FLOAT_MIDPOINT_NEAR,
    DOUBLE_MIDPOINT,
    DOUBLE_MIDPOINT_NEAR,
    SUBNORMAL_FLOAT,
    SUBNORMAL_DOUBLE,
    EXPONENT,
    HUGE_EXPONENT,
    MANY_DIGITS,
    LEADING_ZEROS,
    ANY_BITS,
    NUMBER_KINDS
};

static inline const char *number_kind_name(enum number_kind kind)
{
    static const char *const names[] = {"shortest float",  "shortest double",
                                        "17 digits",       "four decimals",
                                        "integer",         "any digits",
                                        "float midpoint",  "near a float midpoint",
                                        "double midpoint", "near a double midpoint",
                                        "subnormal float", "subnormal double",
                                        "exponent",        "huge exponent",
                                        "many digits",     "leading zeros",
                                        "any bits"};

    return names[kind];
}

static inline float float_of(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A logit, or now and then any finite float. */
static inline float some_float(uint64_t *state)
{
    const uint32_t bits = (uint32_t)(random_bits(state) >> 32);

    if (bits % 4 != 0 || !isfinite(float_of(bits)))
        return (float)(random_normal(state) * 4);
    return float_of(bits);
}

static inline double some_double(uint64_t *state)
{
    const double any = double_of(random_bits(state));

    return random_below(state, 4) != 0 || !isfinite(any) ? random_normal(state) * 4 : any;
}

/* The fewest digits that strtof, or strtod, reads back. */
static inline size_t write_shortest(char *out, double value, bool single)
{
    int length = 0;

    for (int digits = 1; digits <= 17; digits++) {
        length = sprintf(out, "%.*g", digits, value);
        if (single ? strtof(out, NULL) == (float)value : strtod(out, NULL) == value)
            break;
    }
    return (size_t)length;
}

static inline size_t write_digits(char *out, size_t count, uint64_t *state)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (char)('0' + random_below(state, 10));
    return count;
}

/* sign, up to `most` digits with a point somewhere */
static inline size_t write_any_digits(char *out, size_t least, size_t most, uint64_t *state)
{
    const size_t count = least + random_below(state, most - least + 1);
    const size_t whole = random_below(state, count + 1);
    size_t length = 0;

    if (random_below(state, 2))
        out[length++] = '-';
    if (whole == 0) {
        out[length++] = '0';
    } else {
        out[length++] = (char)('1' + random_below(state, 9));
        length += write_digits(out + length, whole - 1, state);
    }
    if (whole < count) {
        out[length++] = '.';
        length += write_digits(out + length, count - whole, state);
    }
    return length;
}

/* All digits of a value, and a bit more (move 1) or less (-1).  A long double has at least 64 bits.
 */
static inline size_t write_exactly(char *out, long double value, int move)
{
    size_t length = (size_t)sprintf(out, "%.*Lf", 760, value);

    while (length > 3 && out[length - 1] == '0' && out[length - 2] != '.')
        length--;
    if (move > 0)
        out[length++] = '1';
    else if (move < 0 && out[length - 1] > '0')
        out[length - 1]--;
    return length;
}

/* The middle of two neighbouring floats, or doubles. */
static inline size_t write_midpoint(char *out, bool single, int move, uint64_t *state)
{
    const uint64_t odd = single ? random_bits(state) >> 39 | 1 << 24 | 1
                                : random_bits(state) >> 10 | UINT64_C(1) << 53 | 1;
    const int scale = (int)random_below(state, 60) - (single ? 40 : 70);

    return write_exactly(out, ldexpl((long double)odd, scale), move);
}

static inline size_t write_exponent(char *out, int most, uint64_t *state)
{
    size_t length = write_any_digits(out, 1, 20, state);

    return length
           + (size_t)sprintf(out + length, "%c%s%d", random_below(state, 2) ? 'e' : 'E',
                             random_below(state, 2)   ? "-"
                             : random_below(state, 2) ? "+"
                                                      : "",
                             (int)random_below(state, (size_t)most));
}

static inline size_t write_number(char *out, enum number_kind kind, uint64_t *state)
{
    switch (kind) {
    case SHORTEST_FLOAT:
        return write_shortest(out, (double)some_float(state), true);
    case SHORTEST_DOUBLE:
        return write_shortest(out, some_double(state), false);
    case SEVENTEEN_DIGITS:
        return (size_t)sprintf(out, "%.17g", (double)some_float(state));
    case FOUR_DECIMALS:
        return (size_t)sprintf(out, "%.4f", random_normal(state) * 4);
    case INTEGER:
        return (size_t)sprintf(out, "%lld",
                               (long long)random_bits(state) >> random_below(state, 64));
    case ANY_DIGITS:
        return write_any_digits(out, 1, 28, state);
    case FLOAT_MIDPOINT:
        return write_midpoint(out, true, 0, state);
    case FLOAT_MIDPOINT_NEAR:
        return write_midpoint(out, true, random_below(state, 2) ? 1 : -1, state);
    case DOUBLE_MIDPOINT:
        return write_midpoint(out, false, 0, state);
    case DOUBLE_MIDPOINT_NEAR:
        return write_midpoint(out, false, random_below(state, 2) ? 1 : -1, state);
    case SUBNORMAL_FLOAT:
        return (size_t)sprintf(out, "%.*g", 1 + (int)random_below(state, 20),
                               (double)float_of((uint32_t)random_below(state, 1 << 23)));
    case SUBNORMAL_DOUBLE:
        return (size_t)sprintf(out, "%.*g", 1 + (int)random_below(state, 20),
                               double_of(random_bits(state) >> 12));
    case EXPONENT:
        return write_exponent(out, 60, state);
    case HUGE_EXPONENT:
        return write_exponent(out, 2000000000, state);
    case MANY_DIGITS:
        return write_any_digits(out, 20, 800, state);
    case LEADING_ZEROS:
        return (size_t)sprintf(out, "0.%0*llu", 1 + (int)random_below(state, 40),
                               (unsigned long long)random_bits(state) >> random_below(state, 64));
    case ANY_BITS:
    case NUMBER_KINDS:
        break;
    }
    return (size_t)sprintf(out, "%.17g",
                           (double)some_float(state) * exp2(random_normal(state) * 9));
}

/* None, a space, or an indented line. */
static inline size_t write_space(char *out, enum number_kind kind, uint64_t *state)
{
    static const char *const spaces[] = {"", "", "", "", " ", "\n        ", "\t", "\r\n"};

    return (size_t)sprintf(out, "%s", spaces[random_below(state, kind % 2 ? 8 : 5)]);
}

#endif
