/* arena_error.h - a denied allocation, in words for the client. */
#ifndef API_BASE_ARENA_ERROR_H
#define API_BASE_ARENA_ERROR_H
#include "core/arena.h"

#include "api/base/error.h"

/* Word the last failed allocation: ERR_TOO_LARGE for the request's own limit (naming the setting),
 * else ERR_NO_MEMORY.  Returns false. */
bool arena_fail(const struct arena *arena, struct error *err);

#endif
