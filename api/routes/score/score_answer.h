/* score_answer.h - the last step of all decoders of POST /v1/score: score the request and make the
 * reply. */
#ifndef API_ROUTES_SCORE_SCORE_ANSWER_H
#define API_ROUTES_SCORE_SCORE_ANSWER_H

#include "api/score/json_request.h"

/* How the JSON of a request is scanned. */
extern const struct body_use score_use;

/* Score a complete request and make the reply: the answer, or the error.  `planner` is NULL if the
 * request is wrong (x->error). */
void answer_request(struct exchange *x, struct planner *planner);

#endif
