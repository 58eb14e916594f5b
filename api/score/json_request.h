/* json_request.h - a JSON request with model outputs, from the first piece of its body to its
 * reply.
 *
 * For routes whose whole body is one: the body is scanned as it arrives, and what its members ask
 * of the rows is planned while they do. */
#ifndef API_SCORE_JSON_REQUEST_H
#define API_SCORE_JSON_REQUEST_H

#include "api/body/body_scanner.h"
#include "api/exchange/exchange.h"
#include "api/plan/planner.h"

struct json_request {
    struct body_scanner scan;
    struct planner planner;
};

/* Begin in zeroed memory; `use` and `schema` are borrowed. */
void json_request_init(struct json_request *request, const struct body_use *use,
                       const struct route_schema *schema, struct exchange *x);

/* Begin one that is x->decoder from now on.  False with x->error set. */
bool json_request_begin(struct exchange *x, const struct body_use *use,
                        const struct route_schema *schema);

endpoint_feed_f json_request_feed;

/* The body is in: what its plans are made from; NULL with x->error set. */
struct planner *json_request_end(struct exchange *x);

/* Write the answer to a request; false with x->error set. */
typedef bool json_answer_f(struct planner *planner, struct strbuf *reply);

/* The body is in: make the answer the reply, or x->error. */
void json_request_finish(struct exchange *x, json_answer_f *answer);

#endif
