/* json_scalar.c - one number or literal of JSON, as a value. */
#include "api/json/json_scalar.h"

#include "api/json/number_word.h"
#include "api/json/reader.h"

#include <math.h>
#include <string.h>

/* ---- numbers ---- */

/* An integer of 64 bits, down from 0, where there is room for one more than above it. */
static enum json_scalar read_integer(const char *text, size_t length, json_int_t *out)
{
    const bool minus = *text == '-';
    const char *digit = text + minus, *end = text + length;
    bool fits = true;

    *out = 0;
    if (digit == end || (*digit == '0' && digit + 1 < end))
        return SCALAR_BAD;
    for (; digit < end; digit++) {
        if (*digit < '0' || *digit > '9')
            return SCALAR_BAD;
        fits = fits && !__builtin_mul_overflow(*out, 10, out)
               && !__builtin_sub_overflow(*out, *digit - '0', out);
    }
    if (fits && !minus)
        fits = !__builtin_sub_overflow(0, *out, out);
    return fits ? SCALAR_GOOD : SCALAR_BEYOND;
}

static enum json_scalar read_real(struct dom *dom, const char *text, size_t length, bool repairs,
                                  json_t **value)
{
    double number;

    if (number_read_f64(text, text + length + 1, &number) != text + length)
        return SCALAR_BAD;
    if (isfinite(number))
        *value = dom_real(dom, number);
    else if (!repairs)
        return SCALAR_BEYOND;
    else
        *value = dom_string(dom, number_word_of(number), strlen(number_word_of(number)));
    return SCALAR_GOOD;
}

static bool is_integer(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '.' || text[i] == 'e' || text[i] == 'E')
            return false;
    return true;
}

enum json_scalar json_scalar_number(struct dom *dom, const char *text, size_t length, bool repairs,
                                    json_t **value)
{
    json_int_t integer;
    enum json_scalar found;

    if (!is_integer(text, length))
        return read_real(dom, text, length, repairs, value);
    found = read_integer(text, length, &integer);
    if (found == SCALAR_GOOD)
        *value = dom_integer(dom, integer);
    return found == SCALAR_BEYOND && repairs ? read_real(dom, text, length, true, value) : found;
}

/* ---- words ---- */

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

enum json_scalar json_scalar_word(struct dom *dom, const char *text, size_t length, bool repairs,
                                  json_t **value)
{
    double number;

    if (is_word(text, length, "true"))
        *value = json_true();
    else if (is_word(text, length, "false"))
        *value = json_false();
    else if (is_word(text, length, "null"))
        *value = json_null();
    else if (repairs && number_word_read(text, length, &number))
        *value = dom_string(dom, text, length);
    else
        return SCALAR_BAD;
    return SCALAR_GOOD;
}
