/* body_scanner.h - a JSON body as it arrives: text to the envelope, numbers to their intakes.
 *
 * The body may be cut anywhere; how it is cut changes nothing in the outcome.  Memory is bounded by
 * what is no logits, the pool of kept rows, and one row. */
#ifndef API_BODY_BODY_SCANNER_H
#define API_BODY_BODY_SCANNER_H

#include "api/body/envelope.h"
#include "api/exchange/api.h"
#include "api/json/json_unescape.h"
#include "api/json/walk.h"
#include "api/score/early_rows.h"

struct body_scanner {
    struct exchange *x;
    struct envelope envelope;
    struct walk walk; /* over the envelope's text */
    struct owners owners;
    bool lost; /* the text is no JSON in a way that only jansson can tell */
    struct pool pool;
    size_t strbuf_left; /* of the text of rows, what may still be kept */

    struct span *open; /* whose text is coming in; NULL: none */
    struct row_numbers numbers;
    struct json_unescape unescape;

    bool doubles[LAYOUT_LEVELS];   /* "dtype":"f64" was seen in the owner of each level */
    struct early_rows_parts parts; /* for early_make() */
    early_rows_make_f *early_rows_make;
};

/* `scan` is zeroed memory; `form` is what the route takes.  Rows are planned as those of sequences;
 * set scan->early_make where they are not. */
void body_scanner_init(struct body_scanner *scan, const struct route_schema *schema,
                       struct exchange *x);

/* Take in a piece of the body.  False, with scan->x->error set, where it is no JSON or too large.
 */
bool body_scanner_feed(struct body_scanner *scan, const char *bytes, size_t length);

/* The body is in: its envelope, with its tree; NULL with scan->x->error set. */
struct envelope *body_scanner_end(struct body_scanner *scan);

#endif
