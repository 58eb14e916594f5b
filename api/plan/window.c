/* window.c - a stretch of a sequence's tokens that the model was shown alone. */
#include "api/plan/window.h"

#include "api/base/arena_error.h"

#include <string.h>

bool window_is(const struct sequence_path *path)
{
    const struct holder *last = &path->holder[path->count - 1];

    return path->count > 1 && last->part != LAYOUT_REQUEST
           && strcmp(path->schema->layout->part[last->part].name, field_info(FIELD_windows)->name)
                  == 0;
}

bool window_check(const struct members *members, struct error *err)
{
    static const enum field others[] = {FIELD_logits, FIELD_logprobs, FIELD_outputs, FIELD_offset,
                                        FIELD_cu_seqlens};
    const struct member *windows = &members->of[FIELD_windows];

    for (size_t i = 0; windows->value && i < sizeof others / sizeof *others; i++) {
        const struct member *other = &members->of[others[i]];

        if (other->value && (other->level <= windows->level || others[i] == FIELD_offset))
            return members_conflict(members->path, FIELD_windows, others[i], err);
    }
    return true;
}

static bool lacks(const struct members *members, enum field field, bool *later, struct error *err)
{
    *later = true;
    return member_fail(members->path, field, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                       "a window needs start and end: it is of tokens[start:end]");
}

bool window_cut(struct plan *plan, const struct members *members, bool *later, struct error *err)
{
    const json_t *start = members->of[FIELD_start].value, *end = members->of[FIELD_end].value;
    const uint64_t first = (uint64_t)json_integer_value(start),
                   last = (uint64_t)json_integer_value(end);

    if (!start || !end)
        return lacks(members, start ? FIELD_end : FIELD_start, later, err);
    if (first >= plan->length)
        return member_fail(&plan->path, FIELD_start, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           "%llu is not below the %zu tokens", (unsigned long long)first,
                           plan->length);
    if (last <= first || last > plan->length)
        return member_fail(&plan->path, FIELD_end, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           "%llu is not above start, %llu, and at most the %zu tokens",
                           (unsigned long long)last, (unsigned long long)first, plan->length);
    plan_slice(plan, first, last - first);
    plan->taken += first;
    plan->entry_of_first = plan->pad_before;
    plan->pad_before = plan->pad_after = 0;
    plan->notices = NULL;
    plan->output = (struct model_output){0};
    return true;
}

bool window_has_row(const struct plan *plan, size_t token)
{
    if (plan->output.kind == OUTPUT_MATRIX)
        return plan_row_of(plan, token) < plan->output.rows;
    return token > 0 || plan->alignment == ALIGN_SAME;
}

bool window_take(struct plan *plan, struct arena *arena, struct error *err)
{
    const bool *asked = plan->needed;

    plan->needed = arena_new(arena, bool, plan->length);
    if (!plan->needed)
        return arena_fail(arena, err);
    for (size_t i = 0; i < plan->length; i++)
        plan->needed[i] =
            asked[i] && !plan->taken[i] && (!plan_has_rows(plan) || window_has_row(plan, i));
    return true;
}

bool window_check_rows(const struct plan *plan, struct error *err)
{
    const size_t least = plan->length - (plan->alignment == ALIGN_NEXT ? 1 : 0);

    return plan->output.rows >= least
           || member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "%zu rows for the %zu tokens of the window: they need %zu",
                          plan->output.rows, plan->length, least);
}
