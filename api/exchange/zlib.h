/* zlib.h - zlib's memory, from an arena. */
#ifndef API_EXCHANGE_ZLIB_H
#define API_EXCHANGE_ZLIB_H

#include "core/arena.h"

#include <zlib.h>

/* What zlib allocates for the stream is charged to the arena, and given back with it. */
void zlib_memory(z_stream *stream, struct arena *arena);

#endif
