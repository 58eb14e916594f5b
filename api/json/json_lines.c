/* json_lines.c - the line and column of a byte in a text. */
#include "api/json/json_lines.h"

#include <string.h>

#define SEARCHED ((size_t)64 << 10) /* bytes parsed by others that are searched for newlines */

void json_lines_skip(struct json_lines *lines, const struct chunk *chunk, const char *from)
{
    const size_t start = chunk->offset + (size_t)(from - chunk->start);
    const char *newline = from;

    lines->skipped += (size_t)(chunk->at - from);
    lines->untold |= lines->skipped > SEARCHED;
    if (lines->untold)
        return;
    while ((newline = memchr(newline, '\n', (size_t)(chunk->at - newline))) != NULL)
        json_lines_newline(lines, start + (size_t)(++newline - from));
}

bool json_lines_fail(const struct json_lines *lines, struct error *err, size_t offset,
                     const char *pointer, const char *words)
{
    if (lines->untold)
        return error_set(err, ERR_BAD_JSON, pointer, "not JSON at byte %zu: %s", offset, words);
    return error_set(err, ERR_BAD_JSON, pointer, "not JSON at byte %zu, line %zu, column %zu: %s",
                     offset, lines->count + 1, offset - lines->start - lines->wide + 1, words);
}
