/* zlib_size.h - how small zlib makes a text. */
#ifndef API_EXCHANGE_ZLIB_SIZE_H
#define API_EXCHANGE_ZLIB_SIZE_H

#include "core/arena.h"

struct zlib_text {
    const char *bytes;
    size_t length;
};

/* How many bytes zlib's stream (level 6, with its head and its check) has of some texts, one behind
 * the other.  0: memory is used up. */
size_t zlib_size(const struct zlib_text *texts, size_t count, struct arena *arena);

#endif
