/* plan_split.h - which tokens of a sequence are x, and which are y. */
#ifndef API_PLAN_PLAN_SPLIT_H
#define API_PLAN_PLAN_SPLIT_H

#include "api/plan/plan.h"

/* Fill segment, split and completion of a plan whose tokens and output are known. */
bool plan_split(struct plan *plan, const struct members *members, struct arena *arena,
                struct error *err);

/* The member that says which tokens belong to y. */
enum field plan_split_field(const struct members *members);

/* Whether a member has one entry a token. */
bool plan_check_entries(const struct plan *plan, const struct members *members, enum field field,
                        struct error *err);

#endif
