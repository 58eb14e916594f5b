/* body_decompress_zlib.c - gzip (RFC 1952) and deflate (RFC 1950; also RFC 1951, which some clients
 * send). */
#include "api/exchange/content_coding.h"
#include "api/exchange/zlib.h"

/* Window bits.  zlib takes the format from the number that is added to them. */
enum { BITS_RAW = -MAX_WBITS, BITS_ZLIB = MAX_WBITS, BITS_GZIP = MAX_WBITS + 16 };

static enum coding_result begin(struct coded_stream *stream, int bits)
{
    z_stream *z = stream->library;

    if (z)
        return inflateReset(z) == Z_OK ? CODING_GOOD : coding_bad(stream, "it is damaged");
    z = stream->library = arena_new(stream->arena, z_stream, 1);
    if (z)
        zlib_memory(z, stream->arena);
    return z && inflateInit2(z, bits) == Z_OK ? CODING_GOOD : CODING_SPENT;
}

static enum coding_result open_gzip(struct coded_stream *stream)
{
    if (stream->head[0] != 0x1f || stream->head[1] != 0x8b)
        return coding_bad(stream,
                          stream->count > 0 ? CODING_FOLLOWED : "it does not begin as gzip");
    return begin(stream, BITS_GZIP);
}

/* Some clients send a raw stream without zlib's two bytes of head.  A raw stream never begins like
 * that head: it would be a stored block with nonzero padding. */
static enum coding_result open_deflate(struct coded_stream *stream)
{
    const unsigned first = stream->head[0], second = stream->head[1];
    const bool wrapped = (first & 0x0f) == Z_DEFLATED && (first << 8 | second) % 31 == 0;

    return begin(stream, wrapped ? BITS_ZLIB : BITS_RAW);
}

static enum coding_result step(struct coded_stream *stream, size_t *count)
{
    z_stream *z = stream->library;
    const unsigned most = stream->left < CODING_OUT ? (unsigned)stream->left : CODING_OUT;
    int result;

    z->next_in = (unsigned char *)(uintptr_t)stream->in;
    z->avail_in = most;
    z->next_out = stream->out;
    z->avail_out = CODING_OUT;
    result = inflate(z, Z_NO_FLUSH);
    stream->in += most - z->avail_in;
    stream->left -= most - z->avail_in;
    *count = CODING_OUT - z->avail_out;
    stream->open = result != Z_STREAM_END;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR)
        return CODING_GOOD;
    if (result == Z_MEM_ERROR)
        return CODING_SPENT;
    return coding_bad(stream, result == Z_NEED_DICT ? "it needs a dictionary"
                              : z->msg              ? z->msg
                                                    : "it is damaged");
}

const struct content_coding coding_gzip = {
    .name = "gzip", .alias = "x-gzip", .head = 2, .many = true, .open = open_gzip, .step = step};
const struct content_coding coding_deflate = {
    .name = "deflate", .head = 2, .open = open_deflate, .step = step};
