/* stream_run.h - the chunks of one answer, as they are checked. */
#ifndef API_ENGINES_STREAM_RUN_H
#define API_ENGINES_STREAM_RUN_H

#include "api/engines/stream_kinds.h"

struct run {
    const struct stream_kind *kind;
    const char *base; /* JSON pointer of the chunks */
    enum chunks chunks;
    json_t *list;
    size_t *at; /* positions in the list, in order */
    size_t count;
    struct joiner *joiner;
};

static inline json_t *run_chunk(const struct run *run, size_t i)
{
    return json_array_get(run->list, run->at[i]);
}

/* Record a fault of chunk `i`.  Returns false. */
PRINTF(4, 5)
bool run_fail(const struct run *run, size_t i, enum error_code code, const char *format, ...);

#endif
