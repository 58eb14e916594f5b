/* body_decompress_zstd.c - zstd (RFC 8878), with the window that RFC 9659 allows for HTTP.
 *
 * The library's state and the window of the frame are allocated in the request's arena.  That takes
 * ZSTD_createDCtx_advanced(), which the library exports, but does not count as stable. */
#define ZSTD_STATIC_LINKING_ONLY
#include "api/exchange/content_coding.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#define WINDOW_LOG 23     /* 8 MiB */
#define FRAME_HEAD_MAX 18 /* bytes, RFC 8878 section 3.1.1 */

static void *zstd_alloc(void *arena, size_t size)
{
    return arena_grow(arena, NULL, 0, size);
}

static void zstd_free(void *arena, void *block)
{
    arena_free(arena, block);
}

/* Only today's frames and skippable frames.  The library accepts some older formats too, but
 * allocates their memory elsewhere. */
static bool is_frame(const unsigned char head[CODING_HEAD])
{
    static const unsigned char magic[CODING_HEAD] = {0x28, 0xb5, 0x2f, 0xfd};
    static const unsigned char skipped[CODING_HEAD] = {0x50, 0x2a, 0x4d, 0x18};

    return memcmp(head, magic, sizeof magic) == 0
           || ((head[0] & 0xf0) == skipped[0] && memcmp(head + 1, skipped + 1, 3) == 0);
}

static enum coding_result open_zstd(struct coded_stream *stream)
{
    if (!is_frame(stream->head))
        return coding_bad(stream,
                          stream->count > 0 ? CODING_FOLLOWED : "it does not begin as zstd");
    stream->taken = 0;
    if (stream->library)
        return CODING_GOOD;
    stream->library =
        ZSTD_createDCtx_advanced((ZSTD_customMem){zstd_alloc, zstd_free, stream->arena});
    if (!stream->library)
        return CODING_SPENT;
    ZSTD_DCtx_setParameter(stream->library, ZSTD_d_windowLogMax, WINDOW_LOG);
    return CODING_GOOD;
}

static enum coding_result fail(struct coded_stream *stream, size_t result)
{
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return CODING_SPENT;
    case ZSTD_error_frameParameter_windowTooLarge:
        return coding_bad(stream, "its window is larger than the 8 MiB of RFC 9659");
    case ZSTD_error_dictionary_wrong:
        return coding_bad(stream, "it needs a dictionary");
    default:
        return coding_bad(stream, ZSTD_getErrorName(result));
    }
}

/* The head of a frame is given byte by byte.  libzstd 1.5.4 looks for a whole frame in the chunk that
 * completes the head, as if the frame began there.  In a longer chunk it may find one. */
static enum coding_result step(struct coded_stream *stream, size_t *count)
{
    const bool is_head = stream->taken < FRAME_HEAD_MAX && stream->left > 0;
    ZSTD_inBuffer in = {stream->in, is_head ? 1 : stream->left, 0};
    ZSTD_outBuffer out = {stream->out, CODING_OUT, 0};
    const size_t result = ZSTD_decompressStream(stream->library, &out, &in);

    stream->in += in.pos;
    stream->left -= in.pos;
    stream->taken += in.pos;
    *count = out.pos;
    if (ZSTD_isError(result))
        return fail(stream, result);
    stream->open = result != 0;
    return CODING_GOOD;
}

const struct content_coding coding_zstd = {
    .name = "zstd", .head = CODING_HEAD, .many = true, .open = open_zstd, .step = step};
