/* scored.c - a sequence with its plan and its results. */
#include "api/score/scored.h"

#include "api/base/arena_error.h"
#include "api/plan/plan_candidates.h"
#include "api/plan/temperature_list.h"

/* Whether the columns of all requested details were allocated. */
static bool has_details(const struct result *result, unsigned details)
{
    bool numbers = true;

    for (enum number number = 0; number < NUMBER_COUNT; number++)
        numbers &= result->number[number] || !(details & DETAIL_NUMBER(number));
    return numbers && (result->rank || !(details & DETAIL_RANK))
           && (result->best || !(details & DETAIL_TOP));
}

/* How many ids are asked about at a token. */
static size_t candidates_at(const struct plan *plan, size_t token)
{
    return plan->needed[token] ? json_array_size(plan_candidates_at(plan, token)) : 0;
}

static bool candidates_allocate(struct scored *scored, struct arena *arena)
{
    const struct plan *plan = &scored->plan;
    struct result *result = &scored->result;
    size_t count = 0;

    if (!plan->candidates)
        return true;
    result->candidate_at = arena_alloc(arena, plan->length, sizeof *result->candidate_at);
    for (size_t i = 0; result->candidate_at && i < plan->length; i++) {
        result->candidate_at[i] = count;
        count += candidates_at(plan, i);
    }
    result->candidate = arena_alloc(arena, count, sizeof *result->candidate);
    return result->candidate_at && result->candidate;
}

static bool further_allocate(struct scored *scored, struct arena *arena)
{
    const struct plan *plan = &scored->plan;
    const size_t further = temperature_list_further(plan->temperatures);
    struct result *result = &scored->result;

    if (further == 0)
        return true;
    result->further = arena_alloc(arena, further, plan->length * sizeof *result->further);
    result->stride = plan->length;
    return result->further != NULL;
}

static bool allocate(struct scored *scored, size_t width, struct arena *arena, struct error *err)
{
    const struct plan *plan = &scored->plan;
    struct result *result = &scored->result;
    const size_t length = plan->length;

    result->log_prob = arena_alloc(arena, length, sizeof *result->log_prob);
    result->token_loss = arena_alloc(arena, length, sizeof *result->token_loss);
    result->greedy = arena_alloc(arena, length, sizeof *result->greedy);
    result->known = plan->needed;
    result->width = width;
    if (!result->log_prob || !result->token_loss || !result->greedy)
        return arena_fail(arena, err);
    if (plan->details & DETAIL_RANK)
        result->rank = arena_alloc(arena, length, sizeof *result->rank);
    for (enum number number = 0; number < NUMBER_COUNT; number++)
        if (plan->details & DETAIL_NUMBER(number))
            result->number[number] = arena_alloc(arena, length, sizeof *result->number[number]);
    if (plan->details & DETAIL_TOP) {
        result->best_count = plan->top < width ? plan->top : width;
        result->best = arena_alloc(arena, length, result->best_count * sizeof *result->best);
    }
    return (has_details(result, plan->details) && candidates_allocate(scored, arena)
            && further_allocate(scored, arena))
           || arena_fail(arena, err);
}

/* Make the columns of a result those from token `first` on. */
static void slice(struct result *result, size_t first)
{
    result->log_prob += first;
    result->known += first;
    result->token_loss += first;
    result->greedy += first;
    if (result->rank)
        result->rank += first;
    for (enum number number = 0; number < NUMBER_COUNT; number++)
        if (result->number[number])
            result->number[number] += first;
    if (result->candidate_at)
        result->candidate_at += first;
    if (result->further)
        result->further += first;
    if (result->best)
        result->best += first * result->best_count;
}

size_t scored_first(const struct scored *window)
{
    return (size_t)(window->plan.segment - window->whole->plan.segment);
}

/* The columns of a window. */
static bool share(struct scored *window, size_t width, struct arena *arena, struct error *err)
{
    struct scored *whole = window->whole;

    if (!scored_columns(whole, width, arena, err))
        return false;
    if (whole->result.width == 0)
        whole->result.width = width;
    if (width > 0 && whole->result.width != width)
        return member_fail_row(&window->plan.path, 0, NO_ELEMENT, ERR_BAD_ROW, err,
                               "the row has %zu logits, those of windows before it have %zu", width,
                               whole->result.width);
    window->result = whole->result;
    slice(&window->result, scored_first(window));
    return true;
}

bool scored_columns(struct scored *scored, size_t width, struct arena *arena, struct error *err)
{
    if (scored->result.log_prob)
        return true;
    return scored->whole ? share(scored, width, arena, err) : allocate(scored, width, arena, err);
}

void scored_slice(struct scored *part, const struct scored *whole, size_t first, size_t count)
{
    *part = *whole;
    plan_slice(&part->plan, first, count);
    slice(&part->result, first);
}

struct tally scored_tally(const struct scored *scored, enum objective_id id)
{
    return objective_tally(objective_at(id), &scored->result.sums);
}

enum answer scored_greedy(const struct scored *scored, enum objective_id id)
{
    return objective_greedy(objective_at(id), &scored->result.sums);
}

bool scored_has(const struct scored *scored, const struct objective *objective, size_t token)
{
    const struct plan *plan = &scored->plan;

    return plan->needed[token] && objective->selects(plan->segment[token]);
}
