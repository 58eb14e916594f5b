/* plan_split.h - which tokens of a sequence are x (the prompt), and which are y (the
 * completion). */
#ifndef API_PLAN_PLAN_SPLIT_H
#define API_PLAN_PLAN_SPLIT_H

#include "api/plan/plan.h"

/* Set `segment`, `split` and `completion` of a plan whose tokens and output are known.  False with
 * *err set: a member does not fit the tokens, or memory is used up. */
bool plan_split(struct plan *plan, const struct members *members, struct arena *arena,
                struct error *err);

/* The member that says which tokens belong to y. */
enum field plan_split_field(const struct members *members);

/* Whether an array member has one entry for each token.  Otherwise ERR_BAD_COUNT. */
bool plan_check_entries(const struct plan *plan, const struct members *members, enum field field,
                        struct error *err);

#endif
