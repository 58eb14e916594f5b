/* strbuf.h - a text buffer that grows in an arena (or is fixed), and JSON written to it.
 *
 * If an allocation fails, `failed` is set and later writes are ignored.  So a caller checks
 * text->failed once, after the last write. */
#ifndef API_BASE_STRBUF_H
#define API_BASE_STRBUF_H

#include "core/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strbuf {
    struct arena *arena; /* borrowed; NULL: `data` is a fixed buffer */
    char *data;
    size_t length, capacity;
    bool failed;
    size_t nans; /* NaNs that were written as null */
};

/* Make room for `more` bytes.  False: the text has failed. */
bool strbuf_reserve(struct strbuf *text, size_t more);

/* Append bytes.  It is inline, so that the compiler knows the length of a literal. */
static inline void strbuf_add(struct strbuf *text, const char *bytes, size_t length)
{
    if (length == 0 || (length > text->capacity - text->length && !strbuf_reserve(text, length))
        || text->failed)
        return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
}

static inline void strbuf_puts(struct strbuf *text, const char *string)
{
    strbuf_add(text, string, strlen(string));
}

/* Write what printf() would. */
__attribute__((format(printf, 2, 3))) void strbuf_printf(struct strbuf *text, const char *format,
                                                         ...);

void strbuf_count(struct strbuf *text, uint64_t value);
void strbuf_integer(struct strbuf *text, int64_t value);

/* Write a double as ECMAScript's Number::toString does: the fewest digits that read back to the
 * same double, and -0 as 0.  Infinities are the strings "Infinity" and "-Infinity".  A NaN, which
 * no answer should have, is written as null and counted. */
void strbuf_number(struct strbuf *text, double value);

/* The same; null if `known` is false. */
void strbuf_number_or_null(struct strbuf *text, bool known, double value);

/* Write a JSON string, quoted and escaped.  Bytes that are not UTF-8 (RFC 3629) become '?'. */
void strbuf_string(struct strbuf *text, const char *string, size_t length);

static inline void strbuf_quote(struct strbuf *text, const char *string)
{
    strbuf_string(text, string, strlen(string));
}

/* Write a snippet of JSON that has ' for ", as tables in the source do. */
void strbuf_snippet(struct strbuf *text, const char *snippet);

#endif
