/* chunk.h - a chunk of a body, and the position up to which it was parsed. */
#ifndef API_BASE_CHUNK_H
#define API_BASE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

struct chunk {
    const char *start, *end;
    const char *at; /* the next byte to parse */
    size_t offset;  /* of `start` in the body, in bytes */
    bool last;      /* the body ends here */
};

/* The offset of the next byte in the body. */
static inline size_t chunk_offset(const struct chunk *chunk)
{
    return chunk->offset + (size_t)(chunk->at - chunk->start);
}

static inline bool is_json_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Whether a byte can be part of a JSON number. */
static inline bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* Skip white space.  False: the chunk is used up. */
static inline bool chunk_skip_space(struct chunk *chunk)
{
    while (chunk->at < chunk->end && is_json_space(*chunk->at))
        chunk->at++;
    return chunk->at < chunk->end;
}

#endif
