/* stream_run.c - faults of chunks. */
#include "api/engines/stream_run.h"

#include <stdarg.h>
#include <stdio.h>

bool run_fail(const struct run *run, size_t i, enum error_code code, const char *format, ...)
{
    struct error *err = run->joiner->err;
    char pointer[sizeof err->pointer], detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (run->chunks == CHUNKS_LISTED)
        snprintf(pointer, sizeof pointer, "%s/%zu", run->base, run->at[i]);
    else
        snprintf(pointer, sizeof pointer, "%s", run->base);
    return error_set(err, code, pointer, "%s", detail);
}
