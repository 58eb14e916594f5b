/* log_probs.h - the columns of a sequence whose log-probabilities were given: in `logprobs`, or in
 * an engine's answer. */
#ifndef API_SCORE_LOG_PROBS_H
#define API_SCORE_LOG_PROBS_H

#include "api/exchange/api.h"
#include "api/score/scored.h"

bool log_probs_score(struct scored *scored, struct exchange *x, struct error *err);

#endif
