/* body.h - a JSON body: the tree, and the numbers outside of it.
 *
 * The numbers of a body are `logits` and `logprobs` of each owner (body_layout.h), and the `data`
 * of an encoded tensor.  They are not values of the tree: jansson's values have no NaN, are rounded
 * twice, and take 20 to 79 times the size of the text.  They are diverted as they arrive
 * (body_scanner.h) and become spans.  In the tree each of them is a 0. */
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

/* The numbers of one member. */
struct span {
    enum span_kind kind;
    size_t owner;  /* number of the object that has the member (body_layout.h) */
    size_t offset; /* in the body, in bytes; SIZE_MAX: a part after the request */
    struct rows_shape shape;
    struct kept_text text;    /* after the opening bracket; complete for SPAN_LOGPROBS */
    struct row_intake intake; /* the rows */
    struct base64 encoding;   /* SPAN_DATA: the state of decoding */
    bool is_part;             /* in a part of its own, after the request (multipart) */
    bool is_padded;           /* more rows than the sequence has are padding */
    struct span *next;        /* the previous span of the same owner */
};

struct body {
    json_t *tree;        /* an object, which grows while the body arrives */
    struct dom *dom;     /* for new values in the tree */
    struct span **spans; /* in body order */
    size_t count, capacity;
    struct span **owned; /* the latest span of each owner, by owner_index() */
    size_t owners;       /* entries that `owned` has room for */
    struct member_offsets offsets;
    bool is_answer; /* it is an engine's answer: the tree is a request with it as `outputs` */
    bool has_parts; /* model outputs are in parts of their own */
};

/* Add a span.  NULL with *err set: memory is used up. */
struct span *body_add_span(struct body *body, enum span_kind kind, size_t owner, size_t offset,
                           struct arena *arena, struct error *err);

/* Remove the last span. */
void body_drop_span(struct body *body);

/* The span of an owner.  NULL: the member is absent or not an array.  The cost does not depend on
 * the number of spans or on their order. */
struct span *body_span(const struct body *body, enum span_kind kind, size_t owner);

/* The offset in the body of a member of an owner (member_offsets.h).  Compare it with other
 * offsets, and with span->offset. */
size_t body_member_offset(const struct body *body, size_t owner, const char *name);

/* The offset of the last member of an owner.  0: it has none. */
size_t body_last_offset(const struct body *body, size_t owner);

#endif
