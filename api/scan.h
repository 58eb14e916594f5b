/* scan.h - a JSON body as it arrives: text to the envelope, numbers to their intakes.
 *
 * The body may be cut anywhere; how it is cut changes nothing in the outcome.  Memory is bounded by
 * what is no logits, the pool of kept rows, and one row. */
#ifndef API_SCAN_H
#define API_SCAN_H

#include "api/api.h"
#include "api/early.h"
#include "api/envelope.h"
#include "api/unescape.h"
#include "api/walk.h"

struct scan {
    struct exchange *x;
    struct envelope envelope;
    struct walk walk; /* over the envelope's text */
    struct owners owners;
    bool lost; /* the text is no JSON in a way that only jansson can tell */
    struct pool pool;
    size_t text_left; /* of the text of rows, what may still be kept */

    struct span *open; /* whose text is coming in; NULL: none */
    struct numbers numbers;
    struct unescape unescape;

    bool doubles[LAYOUT_LEVELS]; /* "dtype":"f64" was seen in the owner of each level */
    struct early_parts parts;    /* for early_make() */
    early_make_f *early_make;
};

/* `scan` is zeroed memory; `form` is what the route takes.  Rows are planned as those of sequences;
 * set scan->early_make where they are not. */
void scan_init(struct scan *scan, const struct form *form, struct exchange *x);

/* Take in a piece of the body.  False, with scan->x->error set, where it is no JSON or too large.
 */
bool scan_feed(struct scan *scan, const char *bytes, size_t length);

/* The body is in: its envelope, with its tree; NULL with scan->x->error set. */
struct envelope *scan_end(struct scan *scan);

#endif
