/* chunk.h - a piece of a body, and how far it has been read. */
#ifndef API_BASE_CHUNK_H
#define API_BASE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

struct chunk {
    const char *start, *end;
    const char *at; /* next byte */
    size_t offset;  /* of `start` in the body */
    bool last;      /* nothing follows */
};

/* Where the next byte stands in the body. */
static inline size_t chunk_offset(const struct chunk *chunk)
{
    return chunk->offset + (size_t)(chunk->at - chunk->start);
}

static inline bool is_json_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* Past white space; false where the piece ends. */
static inline bool chunk_skip_space(struct chunk *chunk)
{
    while (chunk->at < chunk->end && is_json_space(*chunk->at))
        chunk->at++;
    return chunk->at < chunk->end;
}

#endif
