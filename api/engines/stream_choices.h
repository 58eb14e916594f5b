/* stream_choices.h - the choices of a stream, followed from chunk to chunk. */
#ifndef API_ENGINES_STREAM_CHOICES_H
#define API_ENGINES_STREAM_CHOICES_H

#include "api/engines/stream_run.h"

struct stream_choices {
    const struct run *run;
    json_t *places; /* by `index`: the position in `choices` */
    struct stream_choice *choices;
    size_t count, room;
    size_t with_index, without; /* the first chunk with an `index`, and without */
};

/* Start.  This and the others: false with the joiner's error set. */
bool stream_choices_init(struct stream_choices *choices, const struct run *run);

/* Check and count what chunk `i` has of each choice. */
bool stream_choices_add(struct stream_choices *choices, size_t i);

/* Check all of them together.  *ended: each choice was said to be complete. */
bool stream_choices_end(const struct stream_choices *choices, bool *ended);

#endif
