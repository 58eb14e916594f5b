/* score.h - the sequences of a request, from its tree to the values of their objectives. */
#ifndef API_SCORE_SCORE_H
#define API_SCORE_SCORE_H

#include "api/plan/planner.h"
#include "api/score/scores.h"

/* Score the sequences of a request that is complete.  What is wrong is found in body order,
 * sequence by sequence. */
bool score_request(struct scores *scores, struct planner *planner);

/* The rows of sequences that share them.  What is wrong with an id is told unless something is
 * wrong earlier in the body. */
bool score_shared(struct scored *const *sequences, size_t count, struct exchange *x,
                  struct error *err);

#endif
