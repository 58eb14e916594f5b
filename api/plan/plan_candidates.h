/* plan_candidates.h - the ids that the member `candidates` asks about. */
#ifndef API_PLAN_PLAN_CANDIDATES_H
#define API_PLAN_PLAN_CANDIDATES_H

#include "api/plan/plan.h"

/* Find the candidates of a plan whose padding is known.  False with *err set: there are no rows, or
 * they are not one entry a token. */
bool plan_candidates_read(struct plan *plan, const struct members *members, struct error *err);

/* The ids asked about at a token, an array.  NULL: none are asked about anywhere, or at this
 * token. */
const json_t *plan_candidates_at(const struct plan *plan, size_t token);

/* Whether all ids are below V.  False with *err set. */
bool plan_candidates_check(const struct plan *plan, struct error *err);

#endif
