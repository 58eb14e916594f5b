/* arena_error.c - reports a failed allocation to the client. */
#include "api/base/arena_error.h"

#include "core/budget.h"

bool arena_fail(const struct arena *arena, struct error *err)
{
    if (arena->fault == ARENA_LIMIT)
        return error_set(err, ERR_TOO_LARGE, "",
                         "the request needs more than --max-request-memory (%zu bytes): send fewer "
                         "or shorter sequences at a time, or raise it",
                         arena->limit);
    if (arena->fault == ARENA_BUDGET)
        return error_set(err, ERR_NO_MEMORY, "",
                         "all requests together need more than --max-memory (%zu bytes) now",
                         arena->budget->limit);
    return error_set(err, ERR_NO_MEMORY, "", "the system has no memory to give now");
}
