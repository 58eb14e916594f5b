/* json_string.h - the text of a JSON string, as it arrives: runs of UTF-8, its escapes undone.
 *
 * What RFC 8259 does not allow is a fault: control characters, escapes that there are none of,
 * bytes that are no UTF-8.  So is what jansson's strings do not hold: \u0000, and half of a
 * surrogate pair.
 *
 * In answers of engines these last two are repaired.  Texts of tokens may hold a NUL, or half of a
 * pair where a token is a part of a character.  No score depends on them, but they must stay
 * different, as they may be names of one object: \u0000 becomes U+E800, and \ud800 to \udfff become
 * U+E000 to U+E7FF, characters for private use that hardly any vocabulary has. */
#ifndef API_JSON_JSON_STRING_H
#define API_JSON_JSON_STRING_H

#include "api/base/chunk.h"

#include <stdint.h>

enum json_string_event {
    STRING_MORE,  /* the chunk is used up */
    STRING_RUN,   /* text: `run`, `length` bytes, until the next call */
    STRING_END,   /* behind the closing quote */
    STRING_FAULT, /* `fault`, at byte `fault_offset` of the body */
};

#define ESCAPE_MAX 6 /* bytes: \uXXXX */

/* Zero one behind the opening quote. */
struct json_string {
    bool repairs;
    const char *run;
    size_t length;
    char fault[80];
    size_t fault_offset;
    bool is_nul; /* the fault is a NUL byte */
    size_t wide; /* bytes that are not the first of their character */

    char cut[ESCAPE_MAX]; /* an escape or a character that the chunk cut */
    size_t cut_length;
    size_t offset; /* in the body, of the escape or character at hand */
    uint32_t high; /* the first half of a surrogate pair; 0: none */
    size_t high_offset;
    char out[8]; /* what an escape stands for */
};

enum json_string_event json_string_next(struct json_string *string, struct chunk *chunk);

/* A string that ends in the chunk, and is plain ASCII without escapes: its text.  False where it is
 * another; nothing was read then. */
bool json_string_plain(struct chunk *chunk, const char **text, size_t *length);

#endif
