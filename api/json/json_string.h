/* json_string.h - parses a JSON string as it arrives, into runs of UTF-8 without escapes.
 *
 * Faults are what RFC 8259 does not allow: control characters, unknown escapes, and bytes that are
 * not UTF-8.  Faults are also what jansson's strings cannot hold: \u0000, and half a surrogate
 * pair.
 *
 * In answers of engines the last two are repaired.  The text of a token may have a NUL, or half a
 * pair if a token is part of a character.  No score depends on them, but they must stay different,
 * since they may be names in one object.  So \u0000 becomes U+E800, and \ud800 to \udfff become
 * U+E000 to U+E7FF: private-use characters that hardly any vocabulary has. */
#ifndef API_JSON_JSON_STRING_H
#define API_JSON_JSON_STRING_H

#include "api/base/chunk.h"

#include <stdint.h>

enum json_string_event {
    STRING_MORE,  /* the chunk is used up */
    STRING_RUN,   /* text: `length` bytes at `run`, valid until the next call */
    STRING_END,   /* the closing quote was read */
    STRING_FAULT, /* `fault` says why, at byte `fault_offset` of the body */
};

#define ESCAPE_MAX 6 /* the longest escape, \uXXXX, in bytes */

/* Zero it after the opening quote. */
struct json_string {
    bool repairs;
    const char *run;
    size_t length;
    char fault[80];
    size_t fault_offset;
    bool is_nul; /* the fault is a NUL byte */
    size_t wide; /* bytes that continue a character */

    char cut[ESCAPE_MAX]; /* an escape or character that the chunk cut off */
    size_t cut_length;
    size_t offset; /* offset in the body of the current escape or character */
    uint32_t high; /* the first half of a surrogate pair; 0: none */
    size_t high_offset;
    char out[8]; /* the bytes of an escape */
};

/* Parse until the next event; chunk->at moves. */
enum json_string_event json_string_next(struct json_string *string, struct chunk *chunk);

/* Whether no escape or character is open: a caller may pass over plain ASCII in chunks itself. */
static inline bool json_string_is_plain(const struct json_string *string)
{
    return string->cut_length == 0 && !string->high;
}

/* Parse a string that ends in the chunk and is plain ASCII without escapes.  False: it is not;
 * nothing was read. */
bool json_string_plain(struct chunk *chunk, const char **text, size_t *length);

#endif
