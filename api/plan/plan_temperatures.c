/* plan_temperatures.c - the list of temperatures of a plan. */
#include "api/plan/plan_temperatures.h"

#include "api/base/arena_error.h"

bool plan_temperatures_read(struct plan *plan, const struct members *members,
                            struct planner *planner, struct error *err)
{
    const struct member *temperature = &members->of[FIELD_temperature];
    struct exchange *x = planner->x;

    plan->temperatures = NULL;
    if (!json_is_array(temperature->value))
        return true;
    plan->temperatures = temperature_lists_read(&planner->temperatures, temperature->level,
                                                temperature->value, &x->arena);
    if (!plan->temperatures)
        return arena_fail(&x->arena, err);
    return work_charge_each(&x->work, plan_entries(plan),
                            temperature_list_further(plan->temperatures) * WORK_TOKEN, err);
}
