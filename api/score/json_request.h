/* json_request.h - a JSON request with model outputs, from the first chunk of its body to its
 * reply.
 *
 * For routes whose body is one JSON document.  The body is scanned as it arrives, and rows of
 * logits are reduced early where that is possible (early_rows.h). */
#ifndef API_SCORE_JSON_REQUEST_H
#define API_SCORE_JSON_REQUEST_H

#include "api/body/body_scanner.h"
#include "api/exchange/exchange.h"
#include "api/plan/planner.h"

struct json_request {
    struct body_scanner scan;
    struct planner planner;
};

/* Start a request in zeroed memory.  `use` and `schema` are borrowed. */
void json_request_init(struct json_request *request, const struct body_use *use,
                       const struct route_schema *schema, struct exchange *x);

/* Allocate and start a request, and make it x->decoder.  False with x->error set. */
bool json_request_begin(struct exchange *x, const struct body_use *use,
                        const struct route_schema *schema);

/* Parse the next chunk of the body of x->decoder. */
endpoint_feed_f json_request_feed;

/* Finish the body.  Returns the planner for its sequences; NULL with x->error set: the body is
 * wrong. */
struct planner *json_request_end(struct exchange *x);

/* Score a request and write the answer to `reply`.  False with planner->x->error set. */
typedef bool json_answer_f(struct planner *planner, struct strbuf *reply);

/* Finish the body, call `answer`, and make its text the reply.  On failure x->error is set
 * instead. */
void json_request_finish(struct exchange *x, json_answer_f *answer);

#endif
