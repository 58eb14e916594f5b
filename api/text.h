/* text.h - text that grows in an arena (or fills a fixed buffer), and JSON written into it.
 *
 * A failed allocation marks the text; everything after is ignored, so a chain of writes is checked
 * once, at its end, with text->failed. */
#ifndef API_TEXT_H
#define API_TEXT_H

#include "core/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    struct arena *arena; /* borrowed; NULL: `data` is a fixed buffer */
    char *data;
    size_t length, capacity;
    bool failed;
    size_t nans; /* numbers of it that could not be told */
};

/* Room for `more` bytes; false where the text has failed. */
bool text_reserve(struct text *text, size_t more);

/* (Inline, so that a literal's length is known when it is compiled.) */
static inline void text_add(struct text *text, const char *bytes, size_t length)
{
    if (length == 0 || (length > text->capacity - text->length && !text_reserve(text, length))
        || text->failed)
        return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
}

static inline void text_puts(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_count(struct text *text, uint64_t value);
void text_integer(struct text *text, int64_t value);

/* A double as ECMAScript's Number::toString writes it: the fewest digits that read back to the same
 * double, -0 as 0; infinities as the strings "Infinity" and "-Infinity".  NaN, which no answer should hold, is null
 * and counted. */
void text_number(struct text *text, double value);

/* The same, or null where `known` is false. */
void text_number_or_null(struct text *text, bool known, double value);

/* A JSON string: quoted and escaped.  Bytes that are not UTF-8 (RFC 3629) become '?'. */
void text_string(struct text *text, const char *string, size_t length);

/* A snippet of JSON written with ' for ": what tables in the source are written in. */
void text_snippet(struct text *text, const char *snippet);

#endif
