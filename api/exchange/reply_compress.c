/* reply_compress.c - compresses replies. */
#include "api/exchange/reply_compress.h"

#include "api/exchange/wish.h"
#include "api/exchange/zlib.h"

#include <limits.h>
#include <string.h>

#define LEVEL 1 /* the fastest of 9: replies are digits, and speed counts */
#define MEMORY_LEVEL 8

static const struct {
    const char *name, *alias;
    int bits; /* zlib's window bits and format */
} codings[] = {
    [REPLY_PLAIN] = {"identity", NULL, 0},
    [REPLY_GZIP] = {"gzip", "x-gzip", MAX_WBITS + 16},
    [REPLY_DEFLATE] = {"deflate", NULL, MAX_WBITS},
};

#define CODINGS (sizeof codings / sizeof *codings)

/* ---- Accept-Encoding ---- */

/* Store the weight of an element: "*" applies to all codings that are not named. */
static void note_wish(const struct wish *wish, int named[CODINGS], int *others)
{
    if (wish->weight < 0)
        return;
    if (wish_is(wish, "*"))
        *others = wish->weight;
    for (size_t i = 0; i < CODINGS; i++)
        if (wish_is(wish, codings[i].name) || (codings[i].alias && wish_is(wish, codings[i].alias)))
            named[i] = wish->weight;
}

enum reply_coding reply_compress_choose(const char *accept_encoding)
{
    int named[CODINGS] = {-1, -1, -1}, others = -1, best = 0;
    enum reply_coding choice = REPLY_PLAIN;

    for (struct wish wish; wish_next(&accept_encoding, &wish);)
        note_wish(&wish, named, &others);
    best = named[REPLY_PLAIN] > 0 ? named[REPLY_PLAIN] - 1 : 0; /* identity loses a tie */
    for (enum reply_coding i = REPLY_GZIP; i < CODINGS; i++) {
        const int weight = named[i] >= 0 ? named[i] : others;

        if (weight > best) {
            best = weight;
            choice = i;
        }
    }
    return choice;
}

/* ---- compression ---- */

/* Compress into a buffer smaller than the reply.  Returns the length; 0: it does not fit. */
static size_t pack(const struct exchange *x, z_stream *stream, char *out)
{
    const unsigned room = (unsigned)x->reply.length - 1;

    stream->next_in = (unsigned char *)(uintptr_t)x->reply.body;
    stream->avail_in = (unsigned)x->reply.length;
    stream->next_out = (unsigned char *)out;
    stream->avail_out = room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? room - stream->avail_out : 0;
}

void reply_compress(struct exchange *x)
{
    const enum reply_coding coding = reply_compress_choose(x->request.accept_encoding);
    z_stream stream = {0};
    size_t length = 0;
    char *out;

    if (coding == REPLY_PLAIN || x->reply.status != 200 || x->reply.length < REPLY_COMPRESS_FLOOR
        || x->reply.length > UINT_MAX)
        return;
    zlib_memory(&stream, &x->arena);
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, codings[coding].bits, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        return;
    out = arena_grow(&x->arena, NULL, 0, x->reply.length);
    if (out)
        length = pack(x, &stream, out);
    deflateEnd(&stream);
    if (length == 0)
        return;
    x->reply.body = out;
    x->reply.length = length;
    x->reply.encoding = codings[coding].name;
}
