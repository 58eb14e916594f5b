/* envelope.h - a JSON body without its numbers.
 *
 * The numbers of a body (`logits` and `logprobs` of the request and of each sequence, the `data` of
 * an encoded tensor) never go to jansson: it reads no NaN, rounds twice, and its tree takes 20 to
 * 79 times the text.  They are taken out as they arrive (body_scanner.h) and become spans; what is
 * left, the envelope, with a 0 in place of each span, is text that jansson reads.
 *
 * Places in the body are named by JSON pointers, which the envelope's text has in common with the
 * body, or by offsets, which are translated here. */
#ifndef API_BODY_ENVELOPE_H
#define API_BODY_ENVELOPE_H

#include "api/base/error.h"
#include "api/body/body_layout.h"
#include "api/body/member_offsets.h"
#include "api/body/row_intake.h"
#include "api/json/dom.h"

enum span_kind {
    SPAN_LOGITS,   /* an array of rows */
    SPAN_DATA,     /* the base64 text of logits.data */
    SPAN_LOGPROBS, /* an array of numbers, null and "-Infinity" */
    SPAN_KINDS
};

struct span {
    enum span_kind kind;
    size_t owner;  /* the number of the object it is a member of (body_layout.h) */
    size_t place;  /* of its 0, in the envelope's text */
    size_t offset; /* in the body */
    size_t length; /* in the body */
    struct rows_shape shape;
    struct kept_text text;    /* behind the opening bracket; all of it for SPAN_LOGPROBS */
    struct row_intake intake; /* what became of the rows */
    struct base64 encoding;   /* SPAN_DATA: what the text turned out to be */
    bool is_part;             /* it came as a part of its own, behind the request (multipart) */
    bool is_padded;           /* rows past the sequence's own are padding */
    struct span *next;        /* the one of the owner before it */
};

struct envelope {
    struct strbuf text;  /* of the body so far */
    size_t length;       /* of the body so far */
    json_t *tree;        /* an object, once all is in */
    struct span **spans; /* in body order */
    size_t count, capacity;
    struct span **owned; /* the spans of each owner, those of the request first */
    size_t owners;       /* that there is room for */
    struct member_offsets arrivals;
    bool has_parts; /* model outputs come as parts of their own */
};

/* Add a span whose 0 is the last character of the text; NULL where memory is missing. */
struct span *envelope_add(struct envelope *envelope, enum span_kind kind, size_t owner,
                          struct arena *arena, struct error *err);

/* The last span never was. */
void envelope_drop(struct envelope *envelope);

/* The span of an owner; NULL where the member is absent or no array.  What it costs depends neither
 * on how many there are nor on their order. */
struct span *envelope_span(const struct envelope *envelope, enum span_kind kind, size_t owner);

/* Read what has come so far as JSON.  NULL: *cut says whether the text just ends too early; else
 * what is wrong is in *err, with its place in the body. */
json_t *envelope_read(struct envelope *envelope, struct arena *arena, bool *cut, struct error *err);

/* Where in the text a member of an owner begins (member_offsets.h): to be compared with others, and
 * with span->place. */
size_t envelope_place(const struct envelope *envelope, size_t owner, const char *name);

/* Where the last member of an owner begins; 0 where it has none. */
size_t envelope_last(const struct envelope *envelope, size_t owner);

#endif
