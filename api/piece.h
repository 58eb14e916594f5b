/* piece.h - a piece of a body, and how far it has been read. */
#ifndef API_PIECE_H
#define API_PIECE_H

#include <stdbool.h>
#include <stddef.h>

struct piece {
    const char *start, *end;
    const char *at; /* next byte */
    size_t offset;  /* of `start` in the body */
    bool last;      /* nothing follows */
};

/* Where the next byte stands in the body. */
static inline size_t piece_offset(const struct piece *piece)
{
    return piece->offset + (size_t)(piece->at - piece->start);
}

static inline bool is_json_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Past white space; false where the piece ends. */
static inline bool piece_skip_space(struct piece *piece)
{
    while (piece->at < piece->end && is_json_space(*piece->at))
        piece->at++;
    return piece->at < piece->end;
}

#endif
