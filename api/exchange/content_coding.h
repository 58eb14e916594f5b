/* content_coding.h - the interface of a content coding (RFC 9110 section 8.4), such as gzip.
 *
 * A body is one stream of its coding, or a sequence of streams if the coding allows that.  To add a
 * coding: define a struct content_coding in body_decompress_NAME.c, and add it to the table in
 * content_codings.c.  The 415 answer and the documents are made from the table. */
#ifndef API_EXCHANGE_CONTENT_CODING_H
#define API_EXCHANGE_CONTENT_CODING_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODING_HEAD ((size_t)4)       /* length of the longest head of a stream, in bytes */
#define CODING_OUT ((size_t)64 << 10) /* most bytes of output in one step */

#define CODING_FOLLOWED "something follows its end"

/* The state of decompressing one stream. */
struct coded_stream {
    struct arena *arena; /* for the library's allocations */
    void *library;       /* the coding's own state, kept for the next stream; NULL at first */

    unsigned char head[CODING_HEAD]; /* the first bytes of the stream */
    size_t held;                     /* how many of them have arrived */
    bool open;                       /* the head is complete, the end is not reached */
    size_t count;                    /* number of streams of the body that were opened before */
    size_t taken;                    /* bytes of this stream that the library took; zstd's own */

    const unsigned char *in; /* the rest of the current chunk */
    size_t left;             /* its length in bytes */
    unsigned char *out;      /* room for CODING_OUT bytes */
    const char *why;         /* with CODING_BAD: what is wrong, for the client */
};

enum coding_result {
    CODING_GOOD,
    CODING_BAD,   /* the body is not valid; `why` is set */
    CODING_SPENT, /* memory is used up */
};

struct content_coding {
    const char *name;
    const char *alias; /* NULL: none */
    size_t head;       /* bytes of a stream's head that show its kind */
    bool many;         /* a body may have several streams */

    /* Start a stream whose head has arrived.  The head comes again as the first bytes of input. */
    enum coding_result (*open)(struct coded_stream *stream);

    /* Read bytes from `in`, and write at most CODING_OUT bytes to `out`; *count is their number.
     * Clears `open` at the end of the stream. */
    enum coding_result (*step)(struct coded_stream *stream, size_t *count);
};

/* Returns CODING_BAD, with the reason set. */
static inline enum coding_result coding_bad(struct coded_stream *stream, const char *why)
{
    stream->why = why;
    return CODING_BAD;
}

#endif
