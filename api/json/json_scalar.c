/* json_scalar.c - makes a JSON value of a number or a literal. */
#include "api/json/json_scalar.h"

#include "api/json/number_word.h"
#include "api/json/reader.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- numbers ---- */

#define DIGITS_MOST 19 /* of the largest integer of 64 bits */

static size_t count_digits(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* Parse `count` digits without leading zeros. */
static enum json_scalar read_integer(const char *digits, size_t count, bool minus, json_int_t *out)
{
    const uint64_t most = (uint64_t)INT64_MAX + minus;
    uint64_t value = 0;

    if (count > DIGITS_MOST)
        return SCALAR_BEYOND;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    *out = (json_int_t)(minus ? 0 - value : value);
    return value <= most ? SCALAR_GOOD : SCALAR_BEYOND;
}

/* Whether an infinity, or NaN, is accepted. */
static bool is_repaired(double number, enum json_repair repair)
{
    return repair == REPAIR_ALL || (repair == REPAIR_LOG_PROBS && number < 0);
}

static enum json_scalar read_real(struct dom *dom, const char *text, size_t length,
                                  enum json_repair repair, json_t **value)
{
    double number;

    if (number_read_f64(text, text + length + 1, &number) != text + length)
        return SCALAR_BAD;
    if (isfinite(number))
        *value = dom_real(dom, number);
    else if (!is_repaired(number, repair))
        return SCALAR_BEYOND;
    else
        *value = dom_string(dom, number_word_of(number), strlen(number_word_of(number)));
    return SCALAR_GOOD;
}

enum json_scalar json_scalar_number(struct dom *dom, const char *text, size_t length,
                                    enum json_repair repair, json_t **value)
{
    const bool minus = *text == '-';
    const size_t digits = count_digits(text + minus, length - minus);
    json_int_t integer;
    enum json_scalar found;

    if (minus + digits < length)
        return read_real(dom, text, length, repair, value);
    if (digits == 0 || (digits > 1 && text[minus] == '0'))
        return SCALAR_BAD;
    found = read_integer(text + minus, digits, minus, &integer);
    if (found == SCALAR_GOOD)
        *value = dom_integer(dom, integer);
    return found == SCALAR_BEYOND && repair != REPAIR_NOTHING
               ? read_real(dom, text, length, repair, value)
               : found;
}

/* ---- words ---- */

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

enum json_scalar json_scalar_word(struct dom *dom, const char *text, size_t length,
                                  enum json_repair repair, json_t **value)
{
    double number;

    if (is_word(text, length, "true"))
        *value = json_true();
    else if (is_word(text, length, "false"))
        *value = json_false();
    else if (is_word(text, length, "null"))
        *value = json_null();
    else if (number_word_read(text, length, &number) && is_repaired(number, repair))
        *value = dom_string(dom, text, length);
    else
        return SCALAR_BAD;
    return SCALAR_GOOD;
}
