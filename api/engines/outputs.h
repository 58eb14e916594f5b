/* outputs.h - the answers in the member `outputs`.
 *
 * It may be an answer, a list of answers, the chunks of a stream, or a text that has them.  An
 * element of a list of answers may be the line of a batch, a list of chunks, or the text of a
 * stream.  Here all of them become answers as engines give them whole.  An error in place of an
 * answer is told as such. */
#ifndef API_ENGINES_OUTPUTS_H
#define API_ENGINES_OUTPUTS_H

#include "api/engines/joined.h"

/* One of the answers. */
struct output {
    json_t *response;
    const char *path;            /* its JSON pointer; NULL: its position tells */
    const json_t *id;            /* `custom_id` of its line of a batch; NULL: none */
    const struct joined *joined; /* it was joined from chunks; NULL: it stands as it is */
};

struct outputs {
    const json_t *value;    /* the member; NULL: not read yet */
    const char *base;       /* its JSON pointer */
    bool is_text;           /* answers are in a text: they have no pointers of their own */
    bool is_cut;            /* the text ends inside a chunk, which is left out */
    bool is_list;           /* answers are in a list; otherwise there is one response */
    json_t *list;           /* the responses */
    struct output *outputs; /* by their position in `list` */
};

/* Read the member `value`; `base` is its JSON pointer.  Both are borrowed.  Work is charged.  False
 * with *err set. */
bool outputs_read(struct outputs *outputs, json_t *value, const char *base, struct arena *arena,
                  struct work *work, struct error *err);

/* Write the JSON pointer of the answer at a position to `out`. */
void outputs_pointer(const struct outputs *outputs, size_t position, char *out, size_t size);

/* Whether a value is the line of a batch, a chunk of a stream, or an error: what outputs_read()
 * takes beside the answers of engines. */
bool outputs_take(const json_t *value);

/* Whether a value is a chunk of a stream. */
bool outputs_is_chunk(const json_t *value);

#endif
