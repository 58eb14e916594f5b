/* body_scanner.h - parses a JSON body as it arrives: text into the tree, numbers into their
 * intakes.
 *
 * Memory is bounded by the text other than logits, the pool of kept rows, and one row. */
#ifndef API_BODY_BODY_SCANNER_H
#define API_BODY_BODY_SCANNER_H

#include "api/body/body.h"
#include "api/body/body_feeder.h"

struct body_scanner;

/* Decide what to do with the rows of scan->open, which are too many to keep: call
 * row_intake_reduce(), row_intake_hold() or row_intake_skip().  False with scan->x->error set:
 * memory, work or time is used up. */
typedef bool rows_decide_f(struct body_scanner *scan, void *route);

/* How a route uses a body. */
struct body_use {
    const struct body_layout *layout;
    rows_decide_f *decide; /* NULL: all rows are kept */
    const char *kept;      /* without `decide`: the error if they do not fit */
    /* Whether a request has a member of that name.  Then the body may also be an engine's answer,
     * whose members have other names: they are repaired like `outputs`, and `logprobs` may be a
     * list of objects.  NULL: it is a request. */
    bool (*knows)(const char *name);
};

struct body_scanner {
    struct body_feeder feeder;
    struct exchange *x; /* borrowed */
    const struct body_use *use;
    void *route; /* argument of use->decide */
    struct body body;
    struct owners owners;
    struct pool pool;
    size_t text_most; /* body_text_most() */

    struct error
        no_numbers; /* `logprobs` of the request has an object: a fault, but in an answer */

    struct span *open; /* the span whose text is diverted; NULL: none */
    struct row_numbers numbers;
    struct json_string string;
};

/* The longest body, in bytes, whose rows of decimal numbers are kept as text, too.  Such rows can
 * be read again as another dtype, wherever `dtype` stands.  It is --max-kept-rows, but at most an
 * eighth of --max-request-memory. */
size_t body_text_most(const struct api *api);

/* Start a body in zeroed memory.  `use` is borrowed. */
void body_scanner_init(struct body_scanner *scan, const struct body_use *use, struct exchange *x);

/* Parse a chunk.  False with scan->x->error set: the body is not valid or too large. */
bool body_scanner_feed(struct body_scanner *scan, const char *bytes, size_t length);

/* Finish the body.  NULL with scan->x->error set. */
struct body *body_scanner_end(struct body_scanner *scan);

#endif
