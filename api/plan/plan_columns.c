/* plan_columns.c - the columns of a plan's results. */
#include "api/base/arena_error.h"
#include "api/plan/plan.h"

/* Whether there is memory for all that was asked for. */
static bool has_details(const struct plan *plan)
{
    return (plan->rank || !(plan->details & DETAIL_RANK))
           && (plan->entropy || !(plan->details & DETAIL_ENTROPY))
           && (plan->best || !(plan->details & DETAIL_TOP));
}

bool plan_columns(struct plan *plan, size_t width, struct arena *arena, struct error *err)
{
    const size_t length = plan->length;
    if (plan->log_prob)
        return true;
    plan->log_prob = arena_alloc(arena, length, sizeof *plan->log_prob);
    plan->token_loss = arena_alloc(arena, length, sizeof *plan->token_loss);
    plan->greedy = arena_alloc(arena, length, sizeof *plan->greedy);
    if (!plan->log_prob || !plan->token_loss || !plan->greedy)
        return arena_fail(arena, err);
    if (plan->details & DETAIL_RANK)
        plan->rank = arena_alloc(arena, length, sizeof *plan->rank);
    if (plan->details & DETAIL_ENTROPY)
        plan->entropy = arena_alloc(arena, length, sizeof *plan->entropy);
    if (plan->details & DETAIL_TOP) {
        plan->best_count = plan->top < width ? plan->top : width;
        plan->best = arena_alloc(arena, length, plan->best_count * sizeof *plan->best);
    }
    return has_details(plan) || arena_fail(arena, err);
}
