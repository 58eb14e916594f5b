/* labels.c - a choice that is one token of a distribution. */
#include "api/plan/labels.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_answer.h"
#include "api/plan/engine_output.h"
#include "api/plan/listed_output.h"
#include "api/plan/model_output.h"
#include "api/plan/plan_notice.h"

bool labels_given(const struct members *members)
{
    return members->of[FIELD_token].value || members->of[FIELD_label].value;
}

static enum field form_of(const struct members *members)
{
    return members->of[FIELD_token].value ? FIELD_token : FIELD_label;
}

bool labels_check(const struct members *members, struct error *err)
{
    static const enum field others[] = {FIELD_completion, FIELD_tokens,         FIELD_prompt_length,
                                        FIELD_mask,       FIELD_attention_mask, FIELD_labels,
                                        FIELD_alignment,  FIELD_offset,         FIELD_generated,
                                        FIELD_logprobs};

    if (members->of[FIELD_token].value && members->of[FIELD_label].value)
        return members_conflict(members->path, FIELD_token, FIELD_label, err);
    if (members->of[FIELD_position].value && members->of[FIELD_logits].value)
        return members_conflict(members->path, FIELD_position, FIELD_logits, err);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (members->of[others[i]].value)
            return members_conflict(members->path, form_of(members), others[i], err);
    return true;
}

/* ---- the labels ---- */

static struct label label_of(const json_t *value, size_t at)
{
    return (struct label){.id = json_is_integer(value) ? json_integer_value(value) : LABEL_NO_ID,
                          .text = json_string_value(value),
                          .length = json_string_length(value),
                          .at = at,
                          .listed = LABEL_UNLISTED};
}

static bool read_labels(struct plan *plan, const struct members *members, struct arena *arena,
                        struct error *err)
{
    const json_t *value = members->of[form_of(members)].value;
    struct labels *labels = arena_new(arena, struct labels, 1);

    if (!labels)
        return arena_fail(arena, err);
    labels->field = form_of(members);
    labels->count = json_is_array(value) ? json_array_size(value) : 1;
    labels->of = arena_new(arena, struct label, labels->count);
    labels->log_prob = arena_new(arena, double, labels->count);
    if (!labels->of || !labels->log_prob)
        return arena_fail(arena, err);
    for (size_t i = 0; i < labels->count; i++)
        labels->of[i] = label_of(json_is_array(value) ? json_array_get(value, i) : value, i);
    plan->labels = labels;
    return true;
}

/* ---- its plan ---- */

/* The one token of the plan is y. */
static bool read_token(struct plan *plan, struct arena *arena, struct error *err)
{
    plan->length = plan->completion = 1;
    plan->split = true;
    plan->segment = arena_alloc(arena, 1, 1);
    plan->ids = plan->labels->of[0].id == LABEL_NO_ID ? NULL : arena_new(arena, int64_t, 1);
    if (!plan->segment || (plan->labels->of[0].id != LABEL_NO_ID && !plan->ids))
        return arena_fail(arena, err);
    plan->segment[0] = SEGMENT_COMPLETION;
    if (plan->ids)
        plan->ids[0] = plan->labels->of[0].id;
    return true;
}

/* The distribution is the question's: choices with one each would not be comparable. */
static bool check_level(const struct members *members, enum field field, struct error *err)
{
    return members->of[field].level + 1 < members->path->count
           || member_fail(members->path, field, NO_ELEMENT, ERR_CONFLICT, err,
                          "a token or label is ranked by one distribution: give it beside choices");
}

static bool read_row(struct plan *plan, const struct members *members, struct planner *planner,
                     bool *later, struct error *err)
{
    plan->alignment = ALIGN_SAME;
    return check_level(members, FIELD_logits, err)
           && (plan->ids
               || member_fail(members->path, FIELD_label, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                              "a row of logits has ids and no texts: give token"))
           && model_output_find(&plan->output, members, planner->body, later, err);
}

/* Labels that are not listed, where another one of the choice is, add nothing to its sum. */
static bool notice_unlisted(struct plan *plan, struct arena *arena, struct error *err)
{
    const struct labels *labels = plan->labels;
    size_t unlisted = 0, first = 0;

    for (size_t i = labels->count; i > 0; i--) {
        if (labels->of[i - 1].listed != LABEL_UNLISTED)
            continue;
        unlisted++;
        first = labels->of[i - 1].at;
    }
    return unlisted == 0 || unlisted == labels->count
           || plan_notice_add(plan, WARNING_LABEL, labels->field, first, unlisted, arena, err);
}

static bool read_listed(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err)
{
    plan->output.kind = OUTPUT_ENGINE;
    return check_level(members, FIELD_outputs, err)
           && engine_output_find(plan, members, planner, err)
           && (!plan->output.answer->matrix
               || member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_OUTPUTS, err,
                              "it has rows and lists no tokens: give the row of that place as "
                              "logits"))
           && listed_output_find(plan, members, planner, err)
           && notice_unlisted(plan, &planner->x->arena, err);
}

/* Read the distribution. */
static bool read_output(struct plan *plan, const struct members *members, struct planner *planner,
                        bool *later, struct error *err)
{
    if (members->of[FIELD_logits].value)
        return read_row(plan, members, planner, later, err);
    if (members->of[FIELD_outputs].value)
        return read_listed(plan, members, planner, err);
    *later = true;
    return member_fail(members->path, FIELD_outputs, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                       "what the model said is missing: outputs, or one row of logits");
}

bool labels_plan(struct plan *plan, const struct members *members, struct planner *planner,
                 bool *later, struct error *err)
{
    struct arena *arena = &planner->x->arena;

    return read_labels(plan, members, arena, err) && read_token(plan, arena, err)
           && read_output(plan, members, planner, later, err)
           && work_charge_each(&planner->x->work, plan->labels->count, WORK_TOKEN, err);
}
