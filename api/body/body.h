/* body.h - a JSON body without its numbers.
 *
 * The numbers of a body (`logits` and `logprobs` of the request and of each sequence, the `data` of
 * an encoded tensor) never become jansson's values: these hold no NaN, round twice, and take 20 to
 * 79 times the text.  They are diverted as they arrive (body_scanner.h) and become spans; in the
 * tree a 0 stands for each. */
#ifndef API_BODY_BODY_H
#define API_BODY_BODY_H

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
    size_t offset; /* in the body; SIZE_MAX for a part of its own, behind the request */
    struct rows_shape shape;
    struct kept_text text;    /* behind the opening bracket; all of it for SPAN_LOGPROBS */
    struct row_intake intake; /* what became of the rows */
    struct base64 encoding;   /* SPAN_DATA: what the text turned out to be */
    bool is_part;             /* it came as a part of its own, behind the request (multipart) */
    bool is_padded;           /* rows past the sequence's own are padding */
    struct span *next;        /* the one of the owner before it */
};

struct body {
    json_t *tree;        /* an object; it grows while the body arrives */
    struct dom *dom;     /* for more values of it */
    struct span **spans; /* in body order */
    size_t count, capacity;
    struct span **owned; /* the spans of each owner, those of the request first */
    size_t owners;       /* that there is room for */
    struct member_offsets offsets;
    bool has_parts; /* model outputs come as parts of their own */
};

/* Add a span; NULL where memory is missing. */
struct span *body_add_span(struct body *body, enum span_kind kind, size_t owner, size_t offset,
                           struct arena *arena, struct error *err);

/* Drop the last span. */
void body_drop_span(struct body *body);

/* The span of an owner; NULL where the member is absent or no array.  What it costs depends neither
 * on how many there are nor on their order. */
struct span *body_span(const struct body *body, enum span_kind kind, size_t owner);

/* Where in the body a member of an owner begins (member_offsets.h): to be compared with others, and
 * with span->offset. */
size_t body_member_offset(const struct body *body, size_t owner, const char *name);

/* Where the last member of an owner begins; 0 where it has none. */
size_t body_last_offset(const struct body *body, size_t owner);

#endif
