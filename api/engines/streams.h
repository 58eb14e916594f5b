/* streams.h - answers that come as the chunks of a stream.
 *
 * The chunks are checked and joined (joined.h).  A list is refused whose chunks are of two answers,
 * are out of order, go on behind the end, or lack log-probabilities that others have: each error
 * names two chunks that contradict each other. */
#ifndef API_ENGINES_STREAMS_H
#define API_ENGINES_STREAMS_H

#include "api/engines/stream_kinds.h"

/* The answers of a stream: one, or one for each `index` by which the engine numbers its answers. */
struct stream {
    const char *base; /* JSON pointer of the chunks */
    enum chunks chunks;
    struct joined *answers;
    size_t count;
};

/* Join the chunks of a list, which is not empty.  stream->base and chunks are set.  False with
 * joiner->err set: they are not the chunks of one stream, or memory or work is used up. */
bool stream_read(struct stream *stream, const struct stream_kind *kind, json_t *list,
                 struct joiner *joiner);

#endif
