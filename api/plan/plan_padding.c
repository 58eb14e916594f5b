/* plan_padding.c - which entries of a sequence's members, and which rows, are padding. */
#include "api/plan/plan_padding.h"

#include "api/plan/plan_notice.h"

#include <string.h>

static bool is_token(const json_t *mask, size_t entry)
{
    return flag_value(json_array_get(mask, entry));
}

/* No token may stand behind padding that is behind a token. */
static bool check_holes(const struct plan *plan, const json_t *mask, size_t count,
                        struct error *err)
{
    for (size_t i = plan->pad_before + plan->length; i < count; i++)
        if (is_token(mask, i))
            return member_fail(&plan->path, FIELD_attention_mask, i, ERR_OUT_OF_RANGE, err,
                               "a token behind padding that is behind tokens: padding stands "
                               "before the first token or behind the last one");
    return true;
}

/* Whoever pads on the left may hold prompt_length for a length with padding. */
static bool notice_prompt_length(struct plan *plan, const struct members *members,
                                 struct arena *arena, struct error *err)
{
    return plan->pad_before == 0 || !members->of[FIELD_prompt_length].value
           || plan_notice_add(plan, WARNING_PROMPT_LENGTH, FIELD_prompt_length, NO_ELEMENT,
                              plan->pad_before, arena, err);
}

bool plan_padding_read(struct plan *plan, const struct members *members, struct arena *arena,
                       struct error *err)
{
    const json_t *mask = members->of[FIELD_attention_mask].value;
    const size_t count = plan->length;

    if (!mask)
        return true;
    if (count == 0)
        return member_fail(&plan->path, FIELD_attention_mask, NO_ELEMENT, ERR_CONFLICT, err,
                           "is about tokens of the request: an engine's answer has no padding");
    if (json_array_size(mask) != count)
        return member_fail(&plan->path, FIELD_attention_mask, NO_ELEMENT, ERR_BAD_COUNT, err,
                           "%zu entries for %zu tokens", json_array_size(mask), count);
    while (plan->pad_before < count && !is_token(mask, plan->pad_before))
        plan->pad_before++;
    if (plan->pad_before == count)
        return member_fail(&plan->path, FIELD_attention_mask, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           "all of it is padding: at least one token must be given");
    plan->length = 0;
    while (plan->pad_before + plan->length < count
           && is_token(mask, plan->pad_before + plan->length))
        plan->length++;
    plan->pad_after = count - plan->pad_before - plan->length;
    return check_holes(plan, mask, count, err) && notice_prompt_length(plan, members, arena, err);
}

/* Rows of padding in a batch of sequences that are shorter than it. */
static bool read_batch(struct plan *plan, const struct members *members, struct arena *arena,
                       struct error *err)
{
    const json_t *padding = members->of[FIELD_padding].value;
    const size_t end = plan->output.rows + plan->offset;

    if (padding && strcmp(json_string_value(padding), "left") == 0) {
        if (end < plan->length)
            return member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                               "%zu rows for %zu tokens: with padding on the left each token needs "
                               "a row, the last one too",
                               plan->output.rows, plan->length);
        plan->rows_before = end - plan->length;
        return true;
    }
    plan->rows_after = end > plan->length ? end - plan->length : 0;
    return padding || plan->rows_after == 0
           || plan_notice_add(plan, WARNING_PADDING, FIELD_logits, NO_ELEMENT, plan->rows_after,
                              arena, err);
}

bool plan_padding_read_rows(struct plan *plan, const struct members *members, struct arena *arena,
                            struct error *err)
{
    if (plan->output.kind != OUTPUT_ROWS && plan->output.kind != OUTPUT_TENSOR)
        return true;
    if (!members->of[FIELD_attention_mask].value && plan->output.span->is_padded)
        return read_batch(plan, members, arena, err);
    plan->rows_before = plan->pad_before;
    plan->rows_after = plan->pad_after;
    return true;
}
