/* json_body.h - what endpoints whose body is JSON have in common: it is taken apart as it arrives.
 */
#ifndef API_BODY_JSON_BODY_H
#define API_BODY_JSON_BODY_H

#include "api/body/body_scanner.h"
#include "api/exchange/exchange.h"

/* Begin a body of this form; it is x->decoder from now on.  NULL with x->error set. */
struct body_scanner *json_body_begin(struct exchange *x, const struct route_schema *schema);

endpoint_feed_f json_body_feed;

/* The body is in; NULL with x->error set. */
struct envelope *json_body_end(struct exchange *x);

/* Write the answer to a request; false with x->error set. */
typedef bool json_answer_f(struct exchange *x, struct envelope *envelope, struct strbuf *reply);

/* The body is in: make the answer the reply, or x->error. */
void json_body_finish(struct exchange *x, json_answer_f *answer);

#endif
