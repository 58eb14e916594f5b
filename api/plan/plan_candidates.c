/* plan_candidates.c - the ids that the member `candidates` asks about. */
#include "api/plan/plan_candidates.h"

#include "api/plan/plan_split.h"
#include "api/plan/window.h"

#include <stdio.h>
#include <string.h>

/* Whether there is one entry for each token. */
static bool is_by_token(const json_t *candidates)
{
    const json_t *first = json_array_get(candidates, 0);

    return json_is_array(first) || json_is_null(first);
}

bool plan_candidates_read(struct plan *plan, const struct members *members, struct error *err)
{
    plan->candidates = members->of[FIELD_candidates].value;
    if (!plan->candidates)
        return true;
    if (!plan_has_rows(plan) && plan->output.kind != OUTPUT_WINDOWS)
        return member_fail(&plan->path, FIELD_candidates, NO_ELEMENT, ERR_NEEDS_LOGITS, err,
                           "needs logits: log-probabilities do not tell those of other tokens");
    return !is_by_token(plan->candidates) || window_is(&plan->path)
           || plan_check_entries(plan, members, FIELD_candidates, err);
}

const json_t *plan_candidates_at(const struct plan *plan, size_t token)
{
    const json_t *entry = plan->candidates;

    if (entry && is_by_token(entry))
        entry = json_array_get(entry, plan->entry_of_first + plan->pad_before + token);
    return json_is_array(entry) ? entry : NULL;
}

/* `entry`: the entry of a token, or NO_ELEMENT where ids are those of all tokens. */
static bool check_ids(const struct plan *plan, const json_t *ids, size_t entry, struct error *err)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const json_int_t id = json_integer_value(json_array_get(ids, i));
        size_t length;

        if ((uint64_t)id < plan->output.width)
            continue;
        member_fail(&plan->path, FIELD_candidates, entry == NO_ELEMENT ? i : entry,
                    ERR_OUT_OF_RANGE, err, "%lld is not below the vocabulary %zu", (long long)id,
                    plan->output.width);
        length = strlen(err->pointer);
        if (entry != NO_ELEMENT)
            snprintf(err->pointer + length, sizeof err->pointer - length, "/%zu", i);
        return false;
    }
    return true;
}

bool plan_candidates_check(const struct plan *plan, struct error *err)
{
    const json_t *candidates = plan->candidates;

    if (!candidates || plan->output.width == 0)
        return true;
    if (!is_by_token(candidates))
        return check_ids(plan, candidates, NO_ELEMENT, err);
    for (size_t i = 0; i < json_array_size(candidates); i++)
        if (!check_ids(plan, json_array_get(candidates, i), i, err))
            return false;
    return true;
}
