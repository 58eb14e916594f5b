/* strbuf.c - a text buffer that grows in an arena, and JSON written to it. */
#include "api/base/strbuf.h"

#include "api/base/number.h"
#include "api/base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define FIRST_CAPACITY 1024

bool strbuf_reserve(struct strbuf *text, size_t more)
{
    size_t wanted, capacity;
    char *data;

    if (text->failed)
        return false;
    if (more <= text->capacity - text->length)
        return true;
    if (!text->arena || __builtin_add_overflow(text->length, more, &wanted))
        return !(text->failed = true);
    capacity = text->capacity == 0 ? FIRST_CAPACITY : text->capacity * 2;
    if (capacity < wanted)
        capacity = wanted;
    data = arena_grow(text->arena, text->data, text->capacity, capacity);
    if (!data)
        return !(text->failed = true);
    text->data = data;
    text->capacity = capacity;
    return true;
}

void strbuf_printf(struct strbuf *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !strbuf_reserve(text, (size_t)length + 1))
        return;
    va_start(arguments, format);
    text->length +=
        (size_t)vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
}

void strbuf_count(struct strbuf *text, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    strbuf_add(text, digits + at, sizeof digits - at);
}

void strbuf_integer(struct strbuf *text, int64_t value)
{
    if (value < 0)
        strbuf_puts(text, "-");
    strbuf_count(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

static void put_nan(struct strbuf *text)
{
    text->nans++;
    strbuf_puts(text, "null");
}

void strbuf_number(struct strbuf *text, double value)
{
    if (isnan(value))
        put_nan(text);
    else if (isinf(value))
        strbuf_puts(text, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    else if (strbuf_reserve(text, NUMBER_MAX))
        text->length += number_print(value, text->data + text->length);
}

void strbuf_number_or_null(struct strbuf *text, bool known, double value)
{
    if (known)
        strbuf_number(text, value);
    else
        strbuf_puts(text, "null");
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

/* Write a byte that must be escaped. */
static void text_escaped(struct strbuf *text, unsigned char c)
{
    char escape[8];

    if (c == '"' || c == '\\')
        snprintf(escape, sizeof escape, "\\%c", c);
    else if (c >= 0x80)
        snprintf(escape, sizeof escape, "?");
    else
        snprintf(escape, sizeof escape, "\\u%04x", c);
    strbuf_puts(text, escape);
}

void strbuf_string(struct strbuf *text, const char *string, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)string;
    size_t start = 0, i = 0;

    strbuf_puts(text, "\"");
    while (i < length) {
        const size_t sequence = is_plain(bytes[i]) ? utf8_length(string + i, length - i) : 0;

        if (sequence > 0 && sequence <= length - i) {
            i += sequence;
            continue;
        }
        strbuf_add(text, string + start, i - start);
        text_escaped(text, bytes[i]);
        start = ++i;
    }
    strbuf_add(text, string + start, length - start);
    strbuf_puts(text, "\"");
}

void strbuf_snippet(struct strbuf *text, const char *snippet)
{
    for (const char *c = snippet; *c; c++)
        strbuf_add(text, *c == '\'' ? "\"" : c, 1);
}
