/* members.c - the members of a sequence, and their faults with their place. */
#include "api/sequence.h"

#include <stdarg.h>
#include <stdio.h>

/* At a member, or at what is `in` it: a member's name, or an element where the name is NULL. */
static bool fail_text(const struct members *members, enum field field, const char *name,
                      size_t element, enum error_code code, struct error *err, const char *detail)
{
    const struct member *member = &members->of[field];
    const size_t owner = member->value ? member->owner : members->parent;
    const struct place root = ROOT, list = MEMBER(&root, "sequences"), item = ELEMENT(&list, owner);
    const struct place at = MEMBER(owner == TOP_LEVEL ? &root : &item, field_info(field)->name);
    const struct place in = {&at, name, element};

    return fail_at(err, code, !name && element == NO_ELEMENT ? &at : &in, "%s", detail);
}

void members_merge(struct members *members, const json_t *top, const json_t *own, size_t index)
{
    members->index = index;
    members->parent = own ? index : TOP_LEVEL;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        json_t *value = own ? field_value(own, field) : NULL;

        members->of[field] = (struct member){value, index};
        if (!value)
            members->of[field] = (struct member){field_value(top, field), TOP_LEVEL};
    }
}

void member_pointer(const struct members *members, enum field field, struct error *out)
{
    fail_text(members, field, NULL, NO_ELEMENT, ERR_INTERNAL, out, "");
}

bool member_fail(const struct members *members, enum field field, size_t element,
                 enum error_code code, struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return fail_text(members, field, NULL, element, code, err, detail);
}

bool member_fail_in(const struct members *members, enum field field, const char *name,
                    enum error_code code, struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return fail_text(members, field, name, NO_ELEMENT, code, err, detail);
}

enum field plan_token_field(const struct plan *plan, size_t token)
{
    if (!plan->members.of[FIELD_prompt].value)
        return FIELD_tokens;
    return token < plan->prompt_ids ? FIELD_prompt : FIELD_completion;
}

bool plan_fail_token(const struct plan *plan, size_t token, enum error_code code, struct error *err,
                     const char *format, ...)
{
    const enum field field = plan_token_field(plan, token);
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return fail_text(&plan->members, field, NULL,
                     field == FIELD_completion ? token - plan->prompt_ids : token, code, err,
                     detail);
}
