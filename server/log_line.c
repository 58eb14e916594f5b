/* log_line.c - one line of JSON.
 *
 * Whatever bytes a client sent, the line is valid UTF-8 without control characters: what is not
 * UTF-8 becomes \ufffd, and U+0085, U+2028 and U+2029 (line ends to some readers) and the other C1
 * controls (commands to some terminals) are escaped too. */
#include "server/log_line.h"

#include "api/base/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define END_SIZE 2 /* "}\n" always fits */

void log_line_open(struct log_line *line)
{
    line->text[0] = '{';
    line->length = 1;
}

static bool put(struct log_line *line, const char *text, size_t length)
{
    if (length > sizeof line->text - END_SIZE - line->length)
        return false;
    memcpy(line->text + line->length, text, length);
    line->length += length;
    return true;
}

/* How many bytes the UTF-8 character at `text` takes, or 0 where there is none. */
static size_t measure(const unsigned char *text, size_t length)
{
    const unsigned char c = text[0];
    const size_t size = c < 0x80                ? 1
                        : c >= 0xc2 && c < 0xe0 ? 2
                        : c >= 0xe0 && c < 0xf0 ? 3
                        : c >= 0xf0 && c < 0xf5 ? 4
                                                : 0;

    if (size == 0 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] >= 0xa0)
        || (c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] >= 0x90))
        return 0; /* overlong, a surrogate, or past U+10FFFF */
    return size;
}

/* Of ASCII or C1; its last byte is its code. */
static bool is_control(const unsigned char *text, size_t size)
{
    return size == 2 ? text[0] == 0xc2 && text[1] < 0xa0
                     : size == 1 && (text[0] < 0x20 || text[0] == 0x7f);
}

/* One character, escaped where it must be; *taken is how many bytes of `text` it was. */
static bool put_character(struct log_line *line, const unsigned char *text, size_t length,
                          size_t *taken)
{
    const size_t size = measure(text, length);
    char escape[8];

    *taken = size == 0 ? 1 : size;
    if (size == 0)
        return put(line, "\\ufffd", 6);
    if (text[0] == '"' || text[0] == '\\')
        return put(line, (const char[]){'\\', (char)text[0]}, 2);
    if (is_control(text, size)) {
        snprintf(escape, sizeof escape, "\\u%04x", (unsigned)text[size - 1]);
        return put(line, escape, 6);
    }
    if (size == 3 && text[0] == 0xe2 && text[1] == 0x80 && (text[2] == 0xa8 || text[2] == 0xa9))
        return put(line, text[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
    return put(line, (const char *)text, size);
}

/* The length of a run that needs no escapes. */
static size_t plain_run(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && text[i] >= 0x20 && text[i] < 0x7f && text[i] != '"' && text[i] != '\\')
        i++;
    return i;
}

static bool put_name(struct log_line *line, const char *name)
{
    return (line->length == 1 || put(line, ",", 1)) && put(line, "\"", 1)
           && put(line, name, strlen(name)) && put(line, "\":", 2);
}

void log_line_text(struct log_line *line, const char *name, const char *text, size_t length)
{
    const size_t start = line->length;
    bool fits = put_name(line, name) && put(line, "\"", 1);

    for (size_t i = 0, taken = 0; fits && i < length; i += taken) {
        taken = plain_run(text + i, length - i);
        fits = taken > 0 ? put(line, text + i, taken)
                         : put_character(line, (const unsigned char *)text + i, length - i, &taken);
    }
    if (!fits || !put(line, "\"", 1))
        line->length = start;
}

void log_line_string(struct log_line *line, const char *name, const char *text)
{
    log_line_text(line, name, text, strlen(text));
}

static void put_value(struct log_line *line, const char *name, const char *value, size_t length)
{
    const size_t start = line->length;

    if (!put_name(line, name) || !put(line, value, length))
        line->length = start;
}

void log_line_count(struct log_line *line, const char *name, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + count % 10);
        count /= 10;
    } while (count > 0);
    put_value(line, name, digits + at, sizeof digits - at);
}

/* Nine digits behind the point are enough for a log. */
#define RESOLUTION 1e9

void log_line_number(struct log_line *line, const char *name, double number)
{
    char value[NUMBER_MAX];
    const double rounded = fabs(number) < 1e6 ? rint(number * RESOLUTION) / RESOLUTION : number;

    if (isfinite(number))
        put_value(line, name, value, number_print(rounded, value));
    else if (isnan(number))
        put_value(line, name, "null", 4);
    else
        log_line_string(line, name, number > 0 ? "Infinity" : "-Infinity");
}

void log_line_close(struct log_line *line)
{
    memcpy(line->text + line->length, "}\n", END_SIZE);
    line->length += END_SIZE;
}
