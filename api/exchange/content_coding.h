/* content_coding.h - a content coding (RFC 9110 section 8.4): how a body was compressed.
 *
 * A body is one stream of its coding, or several of them, one behind the other, where the coding
 * allows that.  To add a coding: describe it in a struct content_coding (body_decompress_NAME.c)
 * and add it to the table in content_codings.c; the 415 answer and the documents follow. */
#ifndef API_EXCHANGE_CONTENT_CODING_H
#define API_EXCHANGE_CONTENT_CODING_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODING_HEAD ((size_t)4)       /* the longest head of a stream */
#define CODING_OUT ((size_t)64 << 10) /* bytes that are written at once */

#define CODING_FOLLOWED "something follows its end"

/* A stream that is being decompressed. */
struct coded_stream {
    struct arena *arena; /* of what the library allocates */
    void *library;       /* the coding's own state; NULL at first, kept from stream to stream */

    unsigned char head[CODING_HEAD]; /* the first bytes of the stream ... */
    size_t held;                     /* ... as far as they have come */
    bool open;                       /* the head is in, and the stream is not at its end */
    size_t count;                    /* streams of the body that were opened before */

    const unsigned char *in; /* the rest of the chunk at hand */
    size_t left;
    unsigned char *out; /* room for CODING_OUT bytes */
    const char *why;    /* what is wrong with the body (CODING_BAD) */
};

enum coding_result {
    CODING_GOOD,
    CODING_BAD,   /* the body is not what the coding says: `why` */
    CODING_SPENT, /* no memory */
};

struct content_coding {
    const char *name;
    const char *alias; /* NULL: none */
    size_t head;       /* how many bytes tell what a stream is */
    bool many;         /* streams may follow one another */

    /* Begin a stream whose head is in; the head will come in again as its first bytes. */
    enum coding_result (*open)(struct coded_stream *stream);

    /* Take bytes from `in` and write up to CODING_OUT bytes to `out`: *count.  Clears `open` where
     * the stream ends. */
    enum coding_result (*step)(struct coded_stream *stream, size_t *count);
};

/* CODING_BAD, and why. */
static inline enum coding_result coding_bad(struct coded_stream *stream, const char *why)
{
    stream->why = why;
    return CODING_BAD;
}

#endif
