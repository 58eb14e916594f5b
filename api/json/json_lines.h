/* json_lines.h - the line and column of a byte in a text, for syntax errors. */
#ifndef API_JSON_JSON_LINES_H
#define API_JSON_JSON_LINES_H

#include "api/base/chunk.h"
#include "api/base/error.h"

/* Counts lines as a text is parsed.  Zero it before the text. */
struct json_lines {
    bool untold;    /* some lines were not counted */
    size_t count;   /* newlines so far */
    size_t start;   /* offset of the current line */
    size_t wide;    /* bytes of the line that continue a character */
    size_t skipped; /* bytes that others parsed and that were searched for newlines */
};

/* Count a newline; the next line begins at offset `next`. */
static inline void json_lines_newline(struct json_lines *lines, size_t next)
{
    lines->count++;
    lines->start = next;
    lines->wide = 0;
}

/* Count the lines that another parser has parsed, from `from` to chunk->at.  After 64 KiB of such
 * bytes, lines are not counted any more. */
void json_lines_skip(struct json_lines *lines, const struct chunk *chunk, const char *from);

/* Record ERR_BAD_JSON at byte `offset`, which is on the current line.  The text has the line and
 * the column (in characters, from 1) if all lines were counted.  Returns false. */
bool json_lines_fail(const struct json_lines *lines, struct error *err, size_t offset,
                     const char *pointer, const char *words);

#endif
