/* json_lines.h - the line and column of a byte of a text, for people. */
#ifndef API_JSON_JSON_LINES_H
#define API_JSON_JSON_LINES_H

#include "api/base/chunk.h"
#include "api/base/error.h"

/* Zero one before the text. */
struct json_lines {
    bool untold;    /* not all were counted */
    size_t count;   /* of newlines so far */
    size_t start;   /* offset of the line at hand */
    size_t wide;    /* bytes of the line that are not the first of their character */
    size_t skipped; /* bytes that were searched for newlines, and else not looked at */
};

/* A newline: the byte at offset `next` begins a line. */
static inline void json_lines_newline(struct json_lines *lines, size_t next)
{
    lines->count++;
    lines->start = next;
    lines->wide = 0;
}

/* Somebody else has read the chunk from `from` on: its lines are counted, while it is not much. */
void json_lines_skip(struct json_lines *lines, const struct chunk *chunk, const char *from);

/* ERR_BAD_JSON: what is wrong at a byte of the line at hand.  Returns false. */
bool json_lines_fail(const struct json_lines *lines, struct error *err, size_t offset,
                     const char *pointer, const char *words);

#endif
