/* number.c - doubles as the shortest decimal text that reads back to the same double.
 *
 * A decimal of at most 15 digits survives the way through a normal double, so if any text so short
 * reads back, printf's 15 correctly rounded digits are it, padded with zeros.  Else 16 digits are
 * tried, and 17 always do.  Two exceptions cost a few more tries: below a power of two the doubles
 * lie twice as dense as above it, so there the nearest decimal can miss where the next one up still
 * reads back; and subnormal numbers have fewer than 15 digits. */
#include "api/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 17

/* value = 0.d1 d2 ... dn * 10^point, d1 and dn not 0 */
struct decimal {
    char digits[MOST_DIGITS + 1];
    int count;
    int point;
};

/* Split printf's d.ddde+xx. */
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

/* Raise the last of `count` digits printed in `text` by one unit. */
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

/* Whether `count` digits can say `value`; the text that does is left in `text`. */
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

/* value > 0 */
static void decimal_shortest(struct decimal *decimal, double value)
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

static size_t put_exponential(char *out, const struct decimal *decimal)
{
    size_t length = put_digits(out, decimal, 0, 1);

    if (decimal->count > 1) {
        out[length++] = '.';
        length += put_digits(out + length, decimal, 1, decimal->count);
    }
    return length + (size_t)snprintf(out + length, 8, "e%+d", decimal->point - 1);
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

size_t number_print(double value, char *out)
{
    struct decimal decimal;
    size_t length = 0;

    if (value == 0) {
        out[0] = '0';
        return 1;
    }
    if (value < 0)
        out[length++] = '-';
    decimal_shortest(&decimal, fabs(value));
    return length + decimal_print(&decimal, out + length);
}
