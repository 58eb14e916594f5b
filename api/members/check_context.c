/* check_context.c - helpers for writing checks. */
#include "api/members/check_context.h"

#include "api/base/nearest.h"
#include "api/base/number.h"
#include "api/members/schema.h"

#include <string.h>

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    case JSON_NULL:
        break;
    }
    return "null";
}

bool must_be(const struct check_context *context, bool good, const char *what)
{
    return good
           || fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be %s, not %s", what,
                      type_name(context->value));
}

bool check_string(const struct check_context *context)
{
    return must_be(context, json_is_string(context->value), "a string");
}

bool check_integer(const struct check_context *context, json_int_t least, const char *what)
{
    const json_int_t value = json_integer_value(context->value);

    if (!must_be(context, json_is_integer(context->value), what))
        return false;
    return value >= least
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is below %" JSON_INTEGER_FORMAT, value, least);
}

bool check_count(const struct check_context *context)
{
    return check_integer(context, 0, "an integer");
}

bool check_each(const struct check_context *context, const char *what, check_f *check)
{
    struct check_context element = *context;
    const size_t count = json_array_size(context->value);

    if (!must_be(context, json_is_array(context->value), what))
        return false;
    for (size_t i = 0; i < count; i++) {
        element.value = json_array_get(context->value, i);
        element.at = ELEMENT(&context->at, i);
        if (!check(&element))
            return false;
    }
    return true;
}

bool check_entries(const struct check_context *context, const char *what, check_f *check)
{
    const size_t count = json_array_size(context->value);
    struct check_context alone = *context;

    if (count == 0 || !json_is_array(json_array_get(context->value, 0)))
        return check_each(context, what, check);
    if (count > 1)
        return fail_at(context->err, ERR_BAD_SHAPE, &context->at,
                       "a batch of %zu: give each sequence its own, in the list sequences", count);
    alone.value = json_array_get(context->value, 0);
    alone.at = ELEMENT(&context->at, 0);
    return check_each(&alone, what, check);
}

/* Report a name that is not in the list. */
static bool fail_name(const struct check_context *member, const char *const *names)
{
    const char *near = nearest_find(names, member->at.member);

    return fail_at(member->err, ERR_UNKNOWN_MEMBER, &member->at, "is not known; %s is %s",
                   near ? "the nearest member" : "one that is known", near ? near : names[0]);
}

bool check_named(const struct check_context *context, const char *const *names,
                 check_f *const *checks)
{
    struct check_context member = *context;
    const char *name;

    json_object_foreach(context->value, name, member.value)
    {
        size_t i = 0;

        member.at = MEMBER(&context->at, name);
        while (names[i] && strcmp(names[i], name) != 0)
            i++;
        if (!names[i])
            return fail_name(&member, names);
        if (!checks[i](&member))
            return false;
    }
    return true;
}

bool in_range(const struct check_context *context, bool good, const char *range)
{
    char number[NUMBER_MAX];

    if (!must_be(context, json_is_number(context->value), "a number"))
        return false;
    return good
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "%.*s is not %s",
                      (int)number_print(json_number_value(context->value), number), number, range);
}

bool check_range(const struct check_context *context, enum range_id range)
{
    const double value = json_number_value(context->value);
    char detail[RANGE_DETAIL];

    if (!must_be(context, json_is_number(context->value), "a number"))
        return false;
    if (range_has(range_at(range), value))
        return true;
    range_explain(range_at(range), value, detail);
    return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "%s", detail);
}

bool one_of(const struct check_context *context, bool good, const char *choices)
{
    return check_string(context)
           && (good
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "\"%.64s\" is not one of %s", json_string_value(context->value),
                          choices));
}

bool check_part(const struct check_context *context, const char *none)
{
    const struct body_layout *layout = context->schema->layout;
    const struct layout_part *part =
        &layout->part[layout_find(layout, context->kind, context->at.member)];
    const bool either = part->form == PART_EITHER;
    struct check_context objects = *context;

    objects.kind = part->kind;
    if (!context->progress)
        return true;
    if (part->form == PART_OBJECT || (either && json_is_object(context->value)))
        return context->check_object(&objects);
    return check_each(&objects,
                      either ? "an object, or an array of objects" : "an array of objects",
                      context->check_object)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "%s", none));
}
