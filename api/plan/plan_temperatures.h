/* plan_temperatures.h - the list of temperatures of a plan. */
#ifndef API_PLAN_PLAN_TEMPERATURES_H
#define API_PLAN_PLAN_TEMPERATURES_H

#include "api/plan/plan.h"
#include "api/plan/planner.h"

/* Read `temperature` into plan->temperatures, if it is a list.  What is summed up for each of its
 * tokens is charged.  False with *err set: memory or work is used up. */
bool plan_temperatures_read(struct plan *plan, const struct members *members,
                            struct planner *planner, struct error *err);

/* How many distributions of a row a plan asks for: that of plan->transform, and one for each
 * further temperature. */
static inline size_t plan_transforms(const struct plan *plan)
{
    return 1 + temperature_list_further(plan->temperatures);
}

#endif
