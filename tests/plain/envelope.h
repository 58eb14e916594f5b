/* envelope.h - a JSON body, read whole and then taken apart: the plain way, with strtof, which is
 * the specification of api/body/body_scanner.c.
 *
 * The numbers of a body (`logits` and `logprobs` of the request, of each sequence and of each
 * window, the `data` of an encoded tensor) never go to jansson: it reads no NaN, rounds twice, and
 * its tree takes 20 to 79 times the text.  They are checked where they stand and remembered as
 * spans; what is left, the envelope, with a 0 in place of each span, becomes jansson's tree. */
#ifndef TESTS_PLAIN_ENVELOPE_H
#define TESTS_PLAIN_ENVELOPE_H

#include "api/base/error.h"
#include "api/json/dom.h"
#include "tests/plain/rows.h"

#define PLAIN_TOP_LEVEL ((size_t)-1)

enum plain_span_kind {
    PLAIN_SPAN_LOGITS,   /* an array of rows */
    PLAIN_SPAN_DATA,     /* the base64 text of logits.data, without its quotes and escapes */
    PLAIN_SPAN_LOGPROBS, /* an array of numbers, null and "-Infinity" */
};

struct plain_span {
    enum plain_span_kind kind;
    size_t owner;       /* the number of the sequence or window, or PLAIN_TOP_LEVEL */
    const char *text;   /* first byte */
    size_t length;      /* in the body, with quotes and escapes */
    size_t data_length; /* PLAIN_SPAN_DATA: characters at text */
    struct plain_rows_shape shape;
};

struct plain_envelope {
    char *body; /* `length` bytes, and a NUL */
    size_t length;
    json_t *tree; /* an object */
    struct plain_span *spans;
    size_t count;
};

/* Take apart `length` bytes at `body`, which a NUL must follow; escapes inside logits.data are
 * undone in place.  What is wrong is in *err with its pointer: anything that is not JSON comes
 * first, then numbers that are not. */
bool plain_envelope_read(struct plain_envelope *envelope, char *body, size_t length,
                         struct arena *arena, struct error *err);

#endif
