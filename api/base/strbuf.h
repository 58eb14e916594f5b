/* strbuf.h - text that grows in an arena (or fills a fixed buffer), and JSON written into it.
 *
 * A failed allocation marks the text; everything after is ignored, so a chain of writes is checked
 * once, at its end, with text->failed. */
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
    size_t nans; /* numbers of it that could not be told */
};

/* Room for `more` bytes; false where the text has failed. */
bool strbuf_reserve(struct strbuf *text, size_t more);

/* (Inline, so that a literal's length is known when it is compiled.) */
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

/* What printf() would write. */
__attribute__((format(printf, 2, 3))) void strbuf_printf(struct strbuf *text, const char *format,
                                                         ...);

void strbuf_count(struct strbuf *text, uint64_t value);
void strbuf_integer(struct strbuf *text, int64_t value);

/* A double as ECMAScript's Number::toString writes it: the fewest digits that read back to the same
 * double, -0 as 0; infinities as the strings "Infinity" and "-Infinity".  NaN, which no answer
 * should hold, is null and counted. */
void strbuf_number(struct strbuf *text, double value);

/* The same, or null where `known` is false. */
void strbuf_number_or_null(struct strbuf *text, bool known, double value);

/* A JSON string: quoted and escaped.  Bytes that are not UTF-8 (RFC 3629) become '?'. */
void strbuf_string(struct strbuf *text, const char *string, size_t length);

static inline void strbuf_quote(struct strbuf *text, const char *string)
{
    strbuf_string(text, string, strlen(string));
}

/* A snippet of JSON written with ' for ": what tables in the source are written in. */
void strbuf_snippet(struct strbuf *text, const char *snippet);

#endif
