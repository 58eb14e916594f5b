/* arena_error.h - reports a failed allocation to the client. */
#ifndef API_BASE_ARENA_ERROR_H
#define API_BASE_ARENA_ERROR_H
#include "core/arena.h"

#include "api/base/error.h"

/* Record why the last allocation failed: ERR_TOO_LARGE for the request's own limit (the text names
 * the setting), otherwise ERR_NO_MEMORY.  Returns false. */
bool arena_fail(const struct arena *arena, struct error *err);

#endif
