/* score_answer.h - how decoders end: a request, once all of it is in, to the bytes of its answer.
 */
#ifndef API_ROUTES_SCORE_SCORE_ANSWER_H
#define API_ROUTES_SCORE_SCORE_ANSWER_H

#include "api/body/envelope.h"
#include "api/exchange/exchange.h"

/* Score the request and make the answer, or x->error, the reply.  `envelope` is NULL where the
 * request is known to be wrong (x->error). */
void answer_request(struct exchange *x, struct envelope *envelope);

#endif
