/* body_scanner.h - a JSON body as it arrives: text to the tree, numbers to their intakes.
 *
 * Memory is bounded by what is no logits, the pool of kept rows, and one row. */
#ifndef API_BODY_BODY_SCANNER_H
#define API_BODY_BODY_SCANNER_H

#include "api/body/body.h"
#include "api/body/body_feeder.h"

struct body_scanner;

/* Decide what becomes of the rows that are coming in (scan->open) and are too many to keep: call
 * row_intake_reduce(), row_intake_hold() or row_intake_skip().  False: memory, work or time is up
 * (the exchange's error). */
typedef bool rows_decide_f(struct body_scanner *scan, void *route);

/* What a route does with a body. */
struct body_use {
    const struct body_layout *layout;
    rows_decide_f *decide; /* NULL: all rows are kept, and ... */
    const char *kept;      /* ... this is said where they do not fit */
};

struct body_scanner {
    struct body_feeder feeder;
    struct exchange *x;
    const struct body_use *use;
    void *route; /* for use->decide */
    struct body body;
    struct owners owners;
    struct pool pool;
    size_t text_left; /* of the text of rows, what may still be kept */

    struct span *open; /* whose text is diverted; NULL: none */
    struct row_numbers numbers;
    struct json_string string;
};

/* `scan` is zeroed memory; `use` is borrowed. */
void body_scanner_init(struct body_scanner *scan, const struct body_use *use, struct exchange *x);

/* Take in a piece of the body.  False, with scan->x->error set, where it is no JSON or too large.
 */
bool body_scanner_feed(struct body_scanner *scan, const char *bytes, size_t length);

/* The body is in; NULL with scan->x->error set. */
struct body *body_scanner_end(struct body_scanner *scan);

#endif
