/* zlib.c - lets zlib allocate from an arena. */
#include "api/exchange/zlib.h"

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
