/* plan_measures.c - what the member `measures` needs of a plan. */
#include "api/plan/plan_measures.h"

bool plan_measures_read(struct plan *plan, const struct members *members, struct error *err)
{
    const json_t *measures = members->of[FIELD_measures].value;
    const bool spread = json_object_get(measures, "min_k_plus_plus") != NULL;
    const bool fast = json_is_true(json_object_get(measures, "fast_detect_gpt"));
    const unsigned needed = DETAIL_NUMBER(NUMBER_excess) | DETAIL_NUMBER(NUMBER_deviation);

    if (!spread && !fast)
        return true;
    if (!plan_has_rows(plan) && plan->output.kind != OUTPUT_WINDOWS)
        return member_fail_in(&plan->path, FIELD_measures,
                              spread ? "min_k_plus_plus" : "fast_detect_gpt", ERR_NEEDS_LOGITS, err,
                              "needs logits: log-probabilities do not tell the distribution");
    plan->silent = needed & ~plan->details;
    plan->details |= needed;
    return true;
}

enum field plan_measures_text(const struct plan *plan, enum objective_id id)
{
    const struct objective *objective = objective_at(id);

    if (!objective->selects(SEGMENT_PROMPT))
        return FIELD_completion_text;
    if (!objective->selects(SEGMENT_COMPLETION))
        return FIELD_prompt_text;
    return member_of(&plan->path, FIELD_text).value
                   || !member_of(&plan->path, FIELD_prompt_text).value
                   || !member_of(&plan->path, FIELD_completion_text).value
               ? FIELD_text
               : FIELD_COUNT;
}

bool plan_measures_check(const struct plan *plan, const struct members *members, struct error *err)
{
    if (!json_is_true(json_object_get(members->of[FIELD_measures].value, "zlib_ratio")))
        return true;
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const enum field field = plan_measures_text(plan, id);

        if ((plan->objectives >> id & 1) && field != FIELD_COUNT && !members->of[field].value)
            return member_fail(&plan->path, field, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                               "zlib_ratio of %s needs its text", objective_at(id)->name);
    }
    return true;
}
