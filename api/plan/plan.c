/* plan.c - what is asked of one sequence. */
#include "api/plan/plan.h"

#include <stdarg.h>
#include <stdio.h>

size_t plan_shift(const struct plan *plan)
{
    return plan->offset + (plan->alignment == ALIGN_NEXT ? 1 : 0);
}

void plan_slice(struct plan *plan, size_t first, size_t count)
{
    plan->pad_before += first;
    plan->pad_after += plan->length - first - count;
    plan->prompt_ids = plan->prompt_ids < first           ? 0
                       : plan->prompt_ids - first > count ? count
                                                          : plan->prompt_ids - first;
    plan->length = count;
    plan->segment += first;
    plan->needed += first;
    if (plan->ids)
        plan->ids += first;
    if (plan->weight)
        plan->weight += first;
    plan->completion = 0;
    for (size_t i = 0; i < count; i++)
        plan->completion += plan->segment[i] == SEGMENT_COMPLETION;
}

bool plan_fail_token(const struct plan *plan, size_t token, enum error_code code, struct error *err,
                     const char *format, ...)
{
    const bool in_completion = plan->in_two && token >= plan->prompt_ids;
    const enum field field = plan->labels    ? plan->labels->field
                             : !plan->in_two ? FIELD_tokens
                             : in_completion ? FIELD_completion
                                             : FIELD_prompt;
    size_t element = plan->pad_before + plan->entry_of_first + token
                     - (in_completion ? plan->prompt_entries : 0);
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (plan->labels && !json_is_array(member_of(&plan->path, field).value))
        element = NO_ELEMENT;
    return member_fail(&plan->path, field, element, code, err, "%s", detail);
}
