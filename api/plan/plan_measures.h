/* plan_measures.h - what the member `measures` needs of a plan. */
#ifndef API_PLAN_PLAN_MEASURES_H
#define API_PLAN_PLAN_MEASURES_H

#include "api/plan/plan.h"

/* Add the numbers of rows that measures need to those that the plan computes.  False with *err set:
 * they need rows, and there are none. */
bool plan_measures_read(struct plan *plan, const struct members *members, struct error *err);

/* Whether each objective has the text that its measures need.  False with *err set. */
bool plan_measures_check(const struct plan *plan, const struct members *members, struct error *err);

/* The member that has the text of an objective, or a part of it; FIELD_COUNT: its text is the two
 * parts. */
enum field plan_measures_text(const struct plan *plan, enum objective_id id);

#endif
