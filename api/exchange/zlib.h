/* zlib.h - lets zlib allocate from an arena. */
#ifndef API_EXCHANGE_ZLIB_H
#define API_EXCHANGE_ZLIB_H

#include "core/arena.h"

#include <zlib.h>

/* Set the allocator of a stream: its memory is charged to the arena, and freed with it. */
void zlib_memory(z_stream *stream, struct arena *arena);

#endif
