/* zlib_size.c - how small zlib makes a text. */
#include "api/exchange/zlib_size.h"

#include "api/exchange/zlib.h"

#include <limits.h>
#include <stdint.h>

/* Compress all of a text; returns how many bytes came out so far. */
static size_t deflate_text(z_stream *stream, const struct zlib_text *text, unsigned char *out,
                           unsigned room)
{
    size_t size = 0, left = text->length;

    stream->next_in = (unsigned char *)(uintptr_t)text->bytes;
    while (left > 0 || stream->avail_in > 0) {
        if (stream->avail_in == 0) {
            stream->avail_in = left < UINT_MAX ? (unsigned)left : UINT_MAX;
            left -= stream->avail_in;
        }
        stream->next_out = out;
        stream->avail_out = room;
        deflate(stream, Z_NO_FLUSH);
        size += room - stream->avail_out;
    }
    return size;
}

size_t zlib_size(const struct zlib_text *texts, size_t count, struct arena *arena)
{
    z_stream stream = {0};
    unsigned char out[4096];
    size_t size = 0;
    int result = Z_OK;

    zlib_memory(&stream, arena);
    if (deflateInit(&stream, 6) != Z_OK)
        return 0;
    for (size_t i = 0; i < count; i++)
        size += deflate_text(&stream, &texts[i], out, sizeof out);
    do {
        stream.next_out = out;
        stream.avail_out = sizeof out;
        result = deflate(&stream, Z_FINISH);
        size += sizeof out - stream.avail_out;
    } while (result == Z_OK);
    deflateEnd(&stream);
    return size;
}
