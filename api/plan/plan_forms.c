/* plan_forms.c - which members of a sequence go together. */
#include "api/plan/plan_forms.h"

#include "api/plan/labels.h"
#include "api/plan/pack.h"
#include "api/plan/window.h"

/* Record that a member is missing. */
static bool lacks(const struct members *members, enum field field, bool *later, struct error *err,
                  const char *detail)
{
    *later = true;
    return member_fail(members->path, field, NO_ELEMENT, ERR_MISSING_MEMBER, err, "%s", detail);
}

/* At most one member of the list may be given.  The list ends with FIELD_COUNT. */
static bool at_most_one(const struct members *members, const enum field *fields, struct error *err)
{
    const enum field *first = fields;

    while (*first != FIELD_COUNT && !members->of[*first].value)
        first++;
    if (*first == FIELD_COUNT)
        return true;
    for (const enum field *other = first + 1; *other != FIELD_COUNT; other++)
        if (members->of[*other].value)
            return members_conflict(members->path, *first, *other, err);
    return true;
}

/* Whether a member is the sequence's own, and not a default of several. */
static bool is_own(const struct members *members, enum field field)
{
    return members->of[field].value && members->of[field].level + 1 == members->path->count;
}

/* What tells how to read `outputs` needs these beside it. */
static bool check_outputs(const struct members *members, bool *later, struct error *err)
{
    if (!members->of[FIELD_logits].value && !members->of[FIELD_logprobs].value)
        return true;
    if (is_own(members, FIELD_format))
        return lacks(members, FIELD_outputs, later, err, "format needs outputs beside it");
    if (is_own(members, FIELD_generated))
        return lacks(members, FIELD_outputs, later, err, "generated needs outputs beside it");
    return true;
}

bool plan_check_forms(const struct members *members, bool *later, struct error *err)
{
    static const enum field prompt_forms[] = {FIELD_prompt, FIELD_tokens, FIELD_COUNT},
                            completion_forms[] = {FIELD_completion, FIELD_tokens, FIELD_COUNT},
                            prompt_splits[] = {FIELD_prompt, FIELD_prompt_length, FIELD_COUNT},
                            prompt_masks[] = {FIELD_prompt, FIELD_mask, FIELD_COUNT},
                            prompt_labels[] = {FIELD_prompt, FIELD_labels, FIELD_COUNT},
                            splits[] = {FIELD_prompt_length, FIELD_mask, FIELD_labels, FIELD_COUNT},
                            texts[] = {FIELD_text, FIELD_counts, FIELD_COUNT},
                            prompt_texts[] = {FIELD_prompt_text, FIELD_prompt_counts, FIELD_COUNT},
                            completion_texts[] = {FIELD_completion_text, FIELD_completion_counts,
                                                  FIELD_COUNT},
                            outputs[] = {FIELD_logits, FIELD_logprobs, FIELD_outputs, FIELD_COUNT};
    static const enum field *const all[] = {
        prompt_forms, completion_forms, prompt_splits,    prompt_masks, prompt_labels, splits,
        texts,        prompt_texts,     completion_texts, outputs};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!at_most_one(members, all[i], err))
            return false;
    if (labels_given(members))
        return labels_check(members, err);
    if (!pack_check(members, later, err) || !window_check(members, err))
        return false;
    if (members->of[FIELD_prompt].value && !members->of[FIELD_completion].value)
        return lacks(members, FIELD_completion, later, err, "prompt needs completion beside it");
    if (members->of[FIELD_completion].value && !members->of[FIELD_prompt].value)
        return lacks(members, FIELD_prompt, later, err, "completion needs prompt beside it");
    return check_outputs(members, later, err);
}
