/* body_decompress_zlib.c - gzip (RFC 1952) and deflate (RFC 1950, and RFC 1951 as some senders have
 * it). */
#include "api/exchange/body_decompress.h"
#include "api/exchange/zlib.h"

/* Window bits, and what zlib adds to them to choose a format. */
enum { BITS_RAW = -MAX_WBITS, BITS_ZLIB = MAX_WBITS, BITS_GZIP = MAX_WBITS + 16 };

static void *zlib_alloc(void *arena, unsigned count, unsigned size)
{
    return arena_alloc(arena, count, size);
}

static void zlib_free(void *arena, void *block)
{
    arena_free(arena, block);
}

void zlib_memory(z_stream *stream, struct arena *arena)
{
    stream->zalloc = zlib_alloc;
    stream->zfree = zlib_free;
    stream->opaque = arena;
}

static enum coding_result begin(struct inflation *inflation, int bits)
{
    struct arena *arena = &inflation->x->arena;
    z_stream *stream = inflation->library;

    if (stream)
        return inflateReset(stream) == Z_OK ? CODING_GOOD : coding_bad(inflation, "it is damaged");
    stream = inflation->library = arena_new(arena, z_stream, 1);
    if (stream)
        zlib_memory(stream, arena);
    return stream && inflateInit2(stream, bits) == Z_OK ? CODING_GOOD : CODING_SPENT;
}

static enum coding_result open_gzip(struct inflation *inflation)
{
    if (inflation->head[0] != 0x1f || inflation->head[1] != 0x8b)
        return coding_bad(inflation,
                          inflation->streams > 0 ? CODING_FOLLOWED : "it does not begin as gzip");
    return begin(inflation, BITS_GZIP);
}

/* Senders that took the name literally leave zlib's two bytes out.  No raw stream begins like them:
 * that would be a stored block with bits set in its padding. */
static enum coding_result open_deflate(struct inflation *inflation)
{
    const unsigned first = inflation->head[0], second = inflation->head[1];
    const bool wrapped = (first & 0x0f) == Z_DEFLATED && (first << 8 | second) % 31 == 0;

    return begin(inflation, wrapped ? BITS_ZLIB : BITS_RAW);
}

static enum coding_result step(struct inflation *inflation, size_t *count)
{
    z_stream *stream = inflation->library;
    const unsigned most = inflation->left < CODING_OUT ? (unsigned)inflation->left : CODING_OUT;
    int result;

    stream->next_in = (unsigned char *)(uintptr_t)inflation->in;
    stream->avail_in = most;
    stream->next_out = inflation->out;
    stream->avail_out = CODING_OUT;
    result = inflate(stream, Z_NO_FLUSH);
    inflation->in += most - stream->avail_in;
    inflation->left -= most - stream->avail_in;
    *count = CODING_OUT - stream->avail_out;
    inflation->open = result != Z_STREAM_END;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR)
        return CODING_GOOD;
    if (result == Z_MEM_ERROR)
        return CODING_SPENT;
    return coding_bad(inflation, result == Z_NEED_DICT ? "it needs a dictionary"
                                 : stream->msg         ? stream->msg
                                                       : "it is damaged");
}

const struct coding coding_gzip = {
    .name = "gzip", .alias = "x-gzip", .head = 2, .many = true, .open = open_gzip, .step = step};
const struct coding coding_deflate = {
    .name = "deflate", .head = 2, .open = open_deflate, .step = step};
