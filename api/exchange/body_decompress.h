/* body_decompress.h - content codings (RFC 9110 section 8.4): bodies that come compressed.
 *
 * A body is decompressed as it arrives and given on in small pieces, so that endpoints see plain
 * bytes and memory stays constant.  Two limits hold for what comes out: --max-body, and
 * --max-inflation times what went in.
 *
 * A body is a stream of its coding, or several of them, one behind the other, where the coding
 * allows that.  To add a coding: describe it in a struct coding and add it to the table in
 * body_decompress.c; the 415 answer and the documents follow. */
#ifndef API_EXCHANGE_BODY_DECOMPRESS_H
#define API_EXCHANGE_BODY_DECOMPRESS_H

#include "api/exchange/api.h"

#define CODING_HEAD ((size_t)4)            /* the longest head */
#define CODING_OUT ((size_t)64 << 10)      /* bytes that are given on at once */
#define CODING_TRUSTED (UINT64_C(4) << 20) /* bytes that may come out of any body */

#define CODING_FOLLOWED "something follows its end"

struct inflation {
    const struct coding *coding;
    struct exchange *x;
    void *library; /* the coding's own state */

    unsigned char head[CODING_HEAD]; /* the first bytes of a stream ... */
    size_t held;                     /* ... as far as they have come */
    bool open;                       /* the head is in, and the stream not at its end */
    size_t streams;                  /* that were opened */

    const unsigned char *in; /* the rest of the piece at hand */
    size_t left;
    uint64_t taken; /* bytes that went in */
    uint64_t made;  /* bytes that came out */
    unsigned char *out;
    const char *why; /* what is wrong with the body (CODING_BAD) */
};

enum coding_result {
    CODING_GOOD,
    CODING_BAD,   /* the body is not what the coding says: `why` */
    CODING_SPENT, /* no memory */
};

struct coding {
    const char *name;
    const char *alias; /* NULL: none */
    size_t head;       /* bytes that tell what a stream is */
    bool many;         /* streams may follow one another */

    /* Begin a stream whose head is in; the head will come in again as its first bytes. */
    enum coding_result (*open)(struct inflation *inflation);

    /* Take bytes from `in` and write up to CODING_OUT bytes to `out`: *count.  Clears `open` where
     * the stream ends. */
    enum coding_result (*step)(struct inflation *inflation, size_t *count);
};

extern const struct coding coding_gzip, coding_deflate, coding_zstd;

/* Look at the exchange's Content-Encoding; false where it is none of the table (ERR_MEDIA_TYPE).
 * x->inflation stays NULL where the body comes as it is. */
bool inflation_begin(struct exchange *x);

/* Decompress a piece and feed what comes out. */
bool inflation_feed(struct inflation *inflation, const char *chunk, size_t length,
                    endpoint_feed_f *feed);

/* The body is in: whether it was whole. */
bool inflation_end(struct inflation *inflation);

/* For codings: CODING_BAD, and why. */
enum coding_result coding_bad(struct inflation *inflation, const char *why);

/* "gzip, deflate, ..." */
void coding_list(char *out, size_t size);

/* The coding at a place in the table; NULL past the end. */
const struct coding *coding_at(size_t index);

#endif
