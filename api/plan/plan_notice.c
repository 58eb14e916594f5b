/* plan_notice.c - what is noticed in the members of a sequence that is scored nevertheless. */
#include "api/plan/plan_notice.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/plan/engine_output.h"
#include "api/plan/plan_split.h"

bool plan_notice_add(struct plan *plan, enum warning warning, enum field field, size_t element,
                     size_t count, struct arena *arena, struct error *err)
{
    struct plan_notice **at = &plan->notices;

    while (*at && (*at)->warning != warning)
        at = &(*at)->next;
    if (*at) {
        (*at)->count += count;
        return true;
    }
    *at = arena_new(arena, struct plan_notice, 1);
    if (!*at)
        return arena_fail(arena, err);
    **at = (struct plan_notice){warning, field, element, count, NULL};
    return true;
}

bool plan_notice_empty(struct plan *plan, const struct members *members, struct arena *arena,
                       struct error *err)
{
    const enum field field = plan_split_field(members);
    const bool is_list =
        plan->pack && json_is_array(members->of[field].value) && field == FIELD_prompt_length;

    return !plan->split || plan->completion > 0 || !(plan->objectives >> OBJECTIVE_conditional & 1)
           || plan_notice_add(plan, WARNING_EMPTY_COMPLETION, field,
                              is_list ? plan->document : NO_ELEMENT, 1, arena, err);
}

static void write_notice(struct strbuf *text, const struct plan *plan,
                         const struct plan_notice *notice)
{
    struct error at = {0};

    member_fail(&plan->path, notice->field, notice->element, ERR_INTERNAL, &at, "%s", "");
    warning_write(text, notice->warning, at.pointer, notice->count);
}

void plan_notices_write(struct strbuf *text, const struct plan *plan)
{
    bool first = true;

    if (plan->output.answer)
        engine_output_write(text, plan);
    if (!plan->output.answer && !plan->notices)
        return;
    put_name(text, "warnings");
    strbuf_puts(text, "[");
    if (plan->output.answer)
        first = !engine_output_write_warnings(text, plan);
    for (const struct plan_notice *notice = plan->notices; notice; notice = notice->next) {
        strbuf_puts(text, first ? "" : ",");
        write_notice(text, plan, notice);
        first = false;
    }
    strbuf_puts(text, "]");
}
