/* score_answer.h - how decoders of POST /v1/score end: a request, once all of it is in, to the
 * bytes of its answer. */
#ifndef API_ROUTES_SCORE_SCORE_ANSWER_H
#define API_ROUTES_SCORE_SCORE_ANSWER_H

#include "api/score/json_request.h"

/* What they do with the JSON of a request. */
extern const struct body_use score_use;

/* Score the request and make the answer, or x->error, the reply.  `planner` is NULL where the
 * request is known to be wrong (x->error). */
void answer_request(struct exchange *x, struct planner *planner);

#endif
