/* score.h - scores a request: from the tree of its members to the values of the objectives. */
#ifndef API_SCORE_SCORE_H
#define API_SCORE_SCORE_H

#include "api/plan/planner.h"
#include "api/score/scores.h"

/* Score all sequences of a complete request.  False with the exchange's error set: the first fault,
 * sequence by sequence in body order. */
bool score_request(struct scores *scores, struct planner *planner);

/* Score `count` sequences that share their rows: check the number of rows and the ids, and fill the
 * columns.  False with *err set: if both ids and rows are wrong, the one that is earlier in the
 * body. */
bool score_shared(struct scored *const *sequences, size_t count, struct exchange *x,
                  struct error *err);

#endif
