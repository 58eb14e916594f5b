/* log_probs.h - fills the columns of a sequence from given log-probabilities: the member
 * `logprobs`, or an engine's answer. */
#ifndef API_SCORE_LOG_PROBS_H
#define API_SCORE_LOG_PROBS_H

#include "api/exchange/api.h"
#include "api/score/scored.h"

/* Fill the columns of every needed token.  False with *err set: a needed log-probability is missing
 * or above 0, or memory is used up.  A missing one of token 0 only takes that token out of the
 * score. */
bool log_probs_score(struct scored *scored, struct exchange *x, struct error *err);

/* Note what is odd about entries of `logprobs` that were taken as they stand.  log_probs_score()
 * does so, but for the documents of a pack.  False with *err set: memory is used up. */
bool log_probs_notice(struct scored *scored, struct arena *arena, struct error *err);

#endif
