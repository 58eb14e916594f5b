/* engine_place.h - which entry of an engine's answer is about which token of the sequence.
 *
 * The entries of the prompt (P) are the first tokens, generated ones (G) come behind them.  With
 * tokens in the request, both are laid against these, and what was generated behind the last one is
 * left out. Without, the tokens are those of the answer, and the member `generated` says what
 * becomes of G. */
#ifndef API_PLAN_ENGINE_PLACE_H
#define API_PLAN_ENGINE_PLACE_H

#include "api/engines/engine_answer.h"
#include "api/plan/plan.h"

/* Assign the entries of plan->output.answer to tokens: sets first, used and first_zero of the
 * output, and the plan's length if the request has no tokens.  False with *err set: they do not
 * fit. */
bool engine_place(struct plan *plan, const struct members *members, struct error *err);

/* Whether the first `count` entries have ids. */
bool engine_place_has_ids(const struct engine_answer *answer, size_t count);

#endif
