/* rows.c - the numbers of `logits` and `logprobs`, straight from the text. */
#include "tests/plain/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char minus_infinity_text[] = "\"-Infinity\"";

static const char *skip_space(const char *c)
{
    while (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\r')
        c++;
    return c;
}

static const char *skip_digits(const char *c)
{
    while (*c >= '0' && *c <= '9')
        c++;
    return c;
}

static const char *skip_word(const char *c, const char *word)
{
    const size_t length = strlen(word);

    return strncmp(c, word, length) == 0 ? c + length : NULL;
}

/* At least one digit. */
static const char *require_digits(const char *c)
{
    return *c >= '0' && *c <= '9' ? skip_digits(c) : NULL;
}

/* Past a number (RFC 8259 section 6) or one of the bare words; NULL where there is none. */
static const char *number_skip(const char *c)
{
    if (*c == '-')
        c++;
    else if (*c == 'N')
        return skip_word(c, "NaN");
    if (*c == 'I')
        return skip_word(c, "Infinity");
    c = *c == '0' ? c + 1 : require_digits(c);
    if (c && *c == '.')
        c = require_digits(c + 1);
    if (c && (*c == 'e' || *c == 'E')) {
        c++;
        c = require_digits(*c == '+' || *c == '-' ? c + 1 : c);
    }
    return c;
}

/* Whether some JSON value other than a number could begin here. */
static bool begins_json(const char *c)
{
    return *c && strchr("\"[{tfn", *c);
}

static bool fault_set(struct plain_rows_fault *fault, const char *at, size_t row, size_t column)
{
    *fault =
        (struct plain_rows_fault){.at = at, .row = row, .column = column, .json = begins_json(at)};
    return false;
}

typedef const char *element_f(const char *c);

/* Count the elements of the flat array at `c` ('['); NULL, with *fault set, where it is none. */
static const char *array_check(const char *c, element_f *element, size_t row, size_t *count,
                               struct plain_rows_fault *fault)
{
    const char *next;

    *count = 0;
    c = skip_space(c + 1);
    if (*c == ']')
        return c + 1;
    for (;; c = skip_space(c + 1)) {
        next = element(c);
        if (!next) {
            fault_set(fault, c, row, *count);
            return NULL;
        }
        ++*count;
        c = skip_space(next);
        if (*c == ']')
            return c + 1;
        if (*c != ',') {
            fault_set(fault, c, row, *count - 1);
            fault->json = false;
            return NULL;
        }
    }
}

static void shape_add(struct plain_rows_shape *shape, size_t width)
{
    if (shape->rows == 0)
        shape->width = width;
    if (shape->ragged == PLAIN_ROWS_NONE && (width == 0 || width != shape->width)) {
        shape->ragged = shape->rows;
        shape->ragged_width = width;
    }
    shape->rows++;
}

static bool rows_check(const char *text, const char **end, struct plain_rows_shape *shape,
                       struct plain_rows_fault *fault)
{
    const char *c = skip_space(text + 1);
    size_t width;

    *end = c + 1;
    if (*c == ']')
        return true;
    for (;; c = skip_space(c + 1)) {
        if (*c != '[') {
            fault_set(fault, c, shape->rows, PLAIN_ROWS_NONE);
            fault->json = begins_json(c) || number_skip(c);
            return false;
        }
        c = array_check(c, number_skip, shape->rows, &width, fault);
        if (!c)
            return false;
        shape_add(shape, width);
        c = skip_space(c);
        *end = c + 1;
        if (*c == ']')
            return true;
        if (*c != ',') {
            fault_set(fault, c, PLAIN_ROWS_NONE, PLAIN_ROWS_NONE);
            fault->json = false;
            return false;
        }
    }
}

bool plain_rows_check(const char *text, const char **end, struct plain_rows_shape *shape,
                      struct plain_rows_fault *fault)
{
    const char *first = skip_space(text + 1), *c;

    *shape = (struct plain_rows_shape){.ragged = PLAIN_ROWS_NONE};
    shape->batch = *first == '[' && *skip_space(first + 1) == '[';
    if (!shape->batch)
        return rows_check(text, end, shape, fault);
    if (!rows_check(first, end, shape, fault))
        return false;
    c = skip_space(*end);
    *end = c + 1;
    if (*c == ']')
        return true;
    fault_set(fault, c, PLAIN_ROWS_NONE, PLAIN_ROWS_NONE);
    fault->json = fault->second = *c == ',';
    return false;
}

/* To the first number of the next row. */
static const char *row_start(const char *c)
{
    return strchr(c, '[') + 1;
}

static const char *number_start(const char *c)
{
    c = skip_space(c);
    return *c == ',' ? skip_space(c + 1) : c;
}

const char *plain_rows_read_f32(const char *text, size_t width, float *out)
{
    const char *c = row_start(text);
    char *end;

    for (size_t i = 0; i < width; i++) {
        c = number_start(c);
        out[i] = strtof(c, &end);
        c = end;
    }
    return skip_space(c) + 1;
}

const char *plain_rows_read_f64(const char *text, size_t width, double *out)
{
    const char *c = row_start(text);
    char *end;

    for (size_t i = 0; i < width; i++) {
        c = number_start(c);
        out[i] = strtod(c, &end);
        c = end;
    }
    return skip_space(c) + 1;
}

const char *plain_rows_skip(const char *text)
{
    return strchr(text, ']') + 1;
}

static const char *logprob_skip(const char *c)
{
    if (*c == 'n')
        return skip_word(c, "null");
    if (*c == '"')
        return skip_word(c, minus_infinity_text);
    return number_skip(c);
}

bool plain_logprobs_check(const char *text, const char **end, struct plain_rows_shape *shape,
                          struct plain_rows_fault *fault)
{
    *shape = (struct plain_rows_shape){.ragged = PLAIN_ROWS_NONE};
    *end = array_check(text, logprob_skip, PLAIN_ROWS_NONE, &shape->rows, fault);
    return *end != NULL;
}

void plain_logprobs_read(const char *text, size_t count, double *out, bool *is_null)
{
    const char *c = row_start(text);
    char *end;

    for (size_t i = 0; i < count; i++) {
        c = number_start(c);
        is_null[i] = *c == 'n';
        if (*c == 'n') {
            c += strlen("null");
        } else if (*c == '"') {
            out[i] = -INFINITY;
            c += strlen(minus_infinity_text);
        } else {
            out[i] = strtod(c, &end);
            c = end;
        }
    }
}
