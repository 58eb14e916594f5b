/* members.c - the members of a sequence, and their faults with their place. */
#include "api/plan/plan.h"

#include <stdarg.h>
#include <stdio.h>

/* The place of a holder: made of the places of the lists and objects on the way. */
struct way {
    struct json_place list[LAYOUT_LEVELS], object[LAYOUT_LEVELS];
};

static const struct json_place *way_to(struct way *way, const struct members *members, size_t owner)
{
    size_t i = 0;

    way->object[0] = ROOT;
    for (; i + 1 < members->holders && members->holder[i].owner != owner; i++) {
        const struct holder *next = &members->holder[i + 1];

        way->list[i] = MEMBER(&way->object[i], members->schema->layout->list[next->list]);
        way->object[i + 1] = ELEMENT(&way->list[i], next->index);
    }
    return &way->object[i];
}

/* At a member, or at what is `in` it: a member's name, or an element where the name is NULL. */
static bool fail_text(const struct members *members, enum field field, const char *name,
                      size_t element, enum error_code code, struct error *err, const char *detail)
{
    const struct member *member = &members->of[field];
    struct way way;
    const struct json_place at =
        MEMBER(way_to(&way, members, member->value ? member->owner : members->owner),
               field_info(field)->name);
    const struct json_place in = {&at, name, element};

    if (err->code == ERR_NONE)
        err->place = member_place(members, field);
    return fail_at(err, code, !name && element == NO_ELEMENT ? &at : &in, "%s", detail);
}

/* Those of an object, over those of the objects around it. */
static void merge_object(struct members *members, const struct holder *holder)
{
    const char *name;
    json_t *value;

    json_object_foreach(holder->object, name, value)
    {
        const enum field field = field_find(name);

        if (field < FIELD_COUNT)
            members->of[field] = (struct member){value, holder->owner};
    }
}

void members_merge(struct members *members, const struct sequence_iterator *outline,
                   const struct envelope *envelope)
{
    members->schema = envelope->schema;
    members->envelope = envelope;
    members->answer = 0;
    members->holders = outline->depth;
    members->owner = outline->path[outline->depth - 1].owner;
    for (size_t i = 0; i < outline->depth; i++)
        members->holder[i] = outline->path[i];
    for (enum field field = 0; field < FIELD_COUNT; field++)
        members->of[field] = (struct member){NULL, outline->path[0].owner};
    for (size_t i = 0; i < outline->depth; i++)
        merge_object(members, &outline->path[i]);
}

size_t member_level(const struct members *members, enum field field)
{
    size_t level = 0;

    while (level + 1 < members->holders && members->holder[level].owner != members->of[field].owner)
        level++;
    return level;
}

size_t member_place(const struct members *members, enum field field)
{
    const struct member *member = &members->of[field];

    return members->envelope && member->value
               ? envelope_place(members->envelope, member->owner, field_info(field)->name)
               : 0;
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

bool member_fail_row(const struct members *members, size_t row, size_t column, enum error_code code,
                     struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;
    struct way way;
    const struct json_place logits =
        MEMBER(way_to(&way, members, members->of[FIELD_logits].owner), "logits");
    const struct json_place at = ELEMENT(&logits, row), in = ELEMENT(&at, column);

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (err->code == ERR_NONE)
        err->place = member_place(members, FIELD_logits);
    return fail_at(err, code, column == NO_ELEMENT ? &at : &in, "%s", detail);
}

bool members_conflict(const struct members *members, enum field a, enum field b, struct error *err)
{
    const bool reversed = member_place(members, b) < member_place(members, a);
    const enum field fault = reversed ? a : b, other = reversed ? b : a;

    return member_fail(members, fault, NO_ELEMENT, ERR_CONFLICT, err,
                       "%s and %s exclude each other", field_info(fault)->name,
                       field_info(other)->name);
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
