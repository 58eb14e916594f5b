/* labels.h - a choice that is one token of a distribution, told by ids or texts that mean the same.
 *
 * POST /v1/rank ranks such choices by one distribution that their question has: a row of logits, or
 * the tokens that an engine lists at one place of its answer. */
#ifndef API_PLAN_LABELS_H
#define API_PLAN_LABELS_H

#include "api/plan/plan.h"
#include "api/plan/planner.h"

/* Whether the members tell a label, by `token` or `label`. */
bool labels_given(const struct members *members);

/* Check that no other member tells which token the choice is, or where.  False with *err set. */
bool labels_check(const struct members *members, struct error *err);

/* Make the tokens, the output and the split of a plan whose choice is a label: its only token is
 * the label, of y.  *later is set if a member is missing that may still arrive.  False with *err
 * set. */
bool labels_plan(struct plan *plan, const struct members *members, struct planner *planner,
                 bool *later, struct error *err);

#endif
