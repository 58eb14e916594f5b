/* envelope.h - a JSON body, taken apart.
 *
 * The numbers of a body (`logits` and `logprobs` of the request and of each sequence, the `data` of
 * an encoded tensor) never go to jansson: it reads no NaN, rounds twice, and its tree takes 20 to
 * 79 times the text.  They are checked where they stand and remembered as spans; what is left, the
 * envelope, with a 0 in place of each span, becomes jansson's tree. */
#ifndef API_ENVELOPE_H
#define API_ENVELOPE_H

#include "api/dom.h"
#include "api/rows.h"

#define TOP_LEVEL ((size_t)-1)

enum span_kind {
    SPAN_LOGITS,   /* an array of rows */
    SPAN_DATA,     /* the base64 text of logits.data, without its quotes and escapes */
    SPAN_LOGPROBS, /* an array of numbers, null and "-Infinity" */
};

struct span {
    enum span_kind kind;
    size_t sequence;    /* index in `sequences`, or TOP_LEVEL */
    const char *text;   /* first byte */
    size_t length;      /* in the body, with quotes and escapes */
    size_t data_length; /* SPAN_DATA: characters at text */
    struct rows_shape shape;
};

struct envelope {
    char *body; /* `length` bytes, and a NUL */
    size_t length;
    json_t *tree; /* an object */
    struct span *spans;
    size_t count;
    size_t cursor; /* where the last look-up ended: they come in body order */
};

/* Take apart `length` bytes at `body`, which a NUL must follow; escapes inside logits.data are
 * undone in place.  What is wrong is in *err with its pointer: anything that is not JSON comes
 * first, then numbers that are not. */
bool envelope_read(struct envelope *envelope, char *body, size_t length, struct arena *arena,
                   struct error *err);

/* The span of a sequence (or TOP_LEVEL); NULL where the member is absent or no array. */
const struct span *envelope_span(struct envelope *envelope, enum span_kind kind, size_t sequence);

#endif
