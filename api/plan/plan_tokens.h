/* plan_tokens.h - the tokens of a sequence. */
#ifndef API_PLAN_PLAN_TOKENS_H
#define API_PLAN_PLAN_TOKENS_H

#include "api/exchange/exchange.h"
#include "api/plan/plan.h"

/* Set the number of tokens of a plan whose output is known, padding included; an engine's answer
 * tells it later.  False with *err set: there is no token. */
bool plan_tokens_count(struct plan *plan, const struct members *members, struct error *err);

/* Set the ids, if they are given, of a plan whose length and padding are known.  False with *err
 * set: memory is used up. */
bool plan_tokens_read(struct plan *plan, const struct members *members, struct arena *arena,
                      struct error *err);

/* Charge the tokens of a sequence, even if other sequences share the same ones. */
bool plan_tokens_charge(const struct plan *plan, struct exchange *x, struct error *err);

/* Make the plan of a sequence without an output, as far as its members tell y: `split` says whether
 * they do, and `completion` how many tokens y has.  False with *err set: they do not go together, y
 * is empty, or memory or work is used up. */
bool plan_tokens_tell(struct plan *plan, const struct sequence_path *path, struct exchange *x,
                      struct error *err);

#endif
