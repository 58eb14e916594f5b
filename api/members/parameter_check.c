/* parameter_check.c - checks the parameters of objectives. */
#include "api/members/parameter_check.h"

#include "api/base/arena_error.h"
#include "api/base/nearest.h"
#include "api/members/registered.h"
#include "api/members/schema.h"

#include <stdlib.h>
#include <string.h>

#define DETAIL 256

/* ---- one parameter ---- */

static void put_choices(struct strbuf *text, const struct parameter_info *info, const char *between,
                        const char *quote)
{
    for (size_t i = 0; i < registry_at(info->choices)->count; i++)
        strbuf_printf(text, "%s%s%s%s", i > 0 ? between : "", quote,
                      registry_name(info->choices, i), quote);
}

static void put_bounds(struct strbuf *text, const struct parameter_info *info)
{
    strbuf_puts(text, isinf(info->low) ? "a finite number"
                      : info->low_open ? "a number above "
                                       : "a number from ");
    if (isfinite(info->low))
        strbuf_number(text, info->low);
    if (isinf(info->high))
        return;
    strbuf_puts(text, info->high_open ? " to below " : " to ");
    strbuf_number(text, info->high);
}

void parameter_put_range(struct strbuf *text, const struct parameter_info *info)
{
    switch (info->form) {
    case PARAMETER_NUMBER:
        put_bounds(text, info);
        break;
    case PARAMETER_FLAG:
        strbuf_puts(text, "true or false");
        break;
    case PARAMETER_CHOICE:
        put_choices(text, info, ", ", "");
        break;
    case PARAMETER_STATE:
        strbuf_puts(text, "a number, or an object with mean and count");
        break;
    }
}

static void put_bound(struct strbuf *text, const char *name, double bound)
{
    if (isinf(bound))
        return;
    strbuf_printf(text, ",\"%s\":", name);
    strbuf_number(text, bound);
}

void parameter_put_schema(struct strbuf *text, const struct parameter_info *info)
{
    switch (info->form) {
    case PARAMETER_NUMBER:
        strbuf_puts(text, "{\"type\":\"number\"");
        put_bound(text, info->low_open ? "exclusiveMinimum" : "minimum", info->low);
        put_bound(text, info->high_open ? "exclusiveMaximum" : "maximum", info->high);
        break;
    case PARAMETER_FLAG:
        strbuf_puts(text, "{\"type\":\"boolean\"");
        break;
    case PARAMETER_CHOICE:
        strbuf_puts(text, "{\"enum\":[");
        put_choices(text, info, ",", "\"");
        strbuf_puts(text, "]");
        break;
    case PARAMETER_STATE:
        strbuf_snippet(text, "{'oneOf':[{'type':'number'},{'type':'object','additionalProperties':"
                             "false,'required':['mean','count'],'properties':{'mean':{'type':"
                             "'number'},'count':{'type':'integer','minimum':0}}}]");
        break;
    }
    strbuf_puts(text, "}");
}

void parameter_put_value(struct strbuf *text, const struct parameter_info *info, double value)
{
    if (info->form == PARAMETER_FLAG)
        strbuf_puts(text, value != 0 ? "true" : "false");
    else if (info->form == PARAMETER_CHOICE)
        strbuf_quote(text, registry_name(info->choices, (size_t)value));
    else
        strbuf_number(text, value);
}

/* Report a value that is not in the range. */
static bool fail_range(const struct check_context *context, const struct parameter_info *info)
{
    char range[DETAIL];
    struct strbuf text = {.data = range, .capacity = sizeof range - 1};

    parameter_put_range(&text, info);
    range[text.length] = '\0';
    return in_range(context, false, range);
}

static bool check_mean(const struct check_context *context)
{
    return in_range(context, isfinite(json_number_value(context->value)), "finite");
}

static bool check_state(const struct check_context *context)
{
    static const char *const names[] = {"mean", "count", NULL};
    static check_f *const checks[] = {check_mean, check_count};

    if (!json_is_object(context->value))
        return must_be(context, json_is_number(context->value),
                       "a number, or an object with mean and count")
               && check_mean(context);
    for (size_t i = 0; names[i]; i++)
        if (!json_object_get(context->value, names[i]))
            return fail_at(context->err, ERR_MISSING_MEMBER, &MEMBER(&context->at, names[i]),
                           "a state has a mean and a count");
    return check_named(context, names, checks);
}

bool parameter_check(const struct check_context *context, enum parameter_id parameter)
{
    const struct parameter_info *info = parameter_info(parameter);

    switch (info->form) {
    case PARAMETER_NUMBER:
        return must_be(context, json_is_number(context->value), "a number")
               && (parameter_has(info, json_number_value(context->value))
                   || fail_range(context, info));
    case PARAMETER_FLAG:
        return must_be(context, json_is_boolean(context->value), "true or false");
    case PARAMETER_CHOICE:
        return check_registered(context, info->choices);
    case PARAMETER_STATE:
        break;
    }
    return check_state(context);
}

struct parameter_value parameter_read(const json_t *value, enum parameter_id parameter)
{
    struct parameter_value read = {.given = true, .number = json_number_value(value)};

    if (json_is_boolean(value))
        read.number = json_is_true(value);
    if (json_is_object(value)) {
        read.number = json_number_value(json_object_get(value, "mean"));
        read.count = json_number_value(json_object_get(value, "count"));
        read.counted = true;
    }
    if (json_is_string(value))
        read.number = (double)registered(parameter_info(parameter)->choices, value, 0);
    return read;
}

/* ---- the list ---- */

/* Check the name of an objective. */
static bool check_name(const struct check_context *name, size_t *index)
{
    const struct family *family = name->schema->family;
    const char *text = json_string_value(name->value), *near;
    const char *names[FAMILY_MAX + 1] = {NULL};

    if (!must_be(name, text != NULL, "the name of an objective"))
        return false;
    if (family_find(family, text, index))
        return true;
    for (size_t i = 0; i < family->count; i++)
        names[i] = family->at(i)->name;
    near = nearest_find(names, text);
    return fail_at(name->err, ERR_OUT_OF_RANGE, &name->at,
                   near ? "\"%.64s\" is not known; the nearest objective is %s"
                        : "\"%.64s\" is not known (GET /v1/objectives lists all; one is %s)",
                   text, near ? near : names[0]);
}

/* Check a member of an element: a parameter that the objective uses. */
static bool check_own(const struct check_context *member, const struct family_objective *objective)
{
    const enum parameter_id parameter = parameter_find(member->at.member);
    const struct parameter_use *use = family_use(objective, parameter);

    if (parameter == PARAMETER_NONE || !family_has(member->schema->family, parameter))
        return fail_at(member->err, ERR_UNKNOWN_MEMBER, &member->at,
                       "is not known: an objective has a name, a label and parameters");
    if (!use)
        return fail_at(member->err, ERR_CONFLICT, &member->at, "%s does not use it",
                       objective->name);
    if (!parameter_check(member, parameter))
        return false;
    return !use->not_zero || json_number_value(member->value) != 0
           || fail_at(member->err, ERR_OUT_OF_RANGE, &member->at, "0 is not in the range of %s",
                      objective->name);
}

static bool check_described(const struct check_context *element)
{
    struct check_context member = *element;
    const char *name;
    size_t index = 0;

    member.at = MEMBER(&element->at, "name");
    member.value = json_object_get(element->value, "name");
    if (!member.value)
        return fail_at(element->err, ERR_MISSING_MEMBER, &member.at, "an objective has a name");
    if (!check_name(&member, &index))
        return false;
    json_object_foreach(element->value, name, member.value)
    {
        member.at = MEMBER(&element->at, name);
        if (strcmp(name, "name") == 0)
            continue;
        if (strcmp(name, "label") == 0 ? !check_string(&member)
                                       : !check_own(&member, element->schema->family->at(index)))
            return false;
    }
    return true;
}

static bool check_element(const struct check_context *element)
{
    size_t index;

    if (json_is_object(element->value))
        return check_described(element);
    return must_be(element, json_is_string(element->value),
                   "the name of an objective, or an object with a name")
           && check_name(element, &index);
}

json_t *asked_key(json_t *element)
{
    json_t *label = json_object_get(element, "label");

    return label ? label : json_is_object(element) ? json_object_get(element, "name") : element;
}

/* An element of the list, by its key. */
struct keyed {
    json_t *key;
    size_t index;
};

static int compare_keys(const struct keyed *a, const struct keyed *b)
{
    const size_t length = json_string_length(a->key), other = json_string_length(b->key);

    if (length != other)
        return length < other ? -1 : 1;
    return memcmp(json_string_value(a->key), json_string_value(b->key), length);
}

static int by_key(const void *a, const void *b)
{
    const struct keyed *of_a = a, *of_b = b;
    const int keys = compare_keys(of_a, of_b);

    return keys != 0 ? keys : (of_a->index > of_b->index) - (of_a->index < of_b->index);
}

/* Report the first element whose key an earlier one has. */
static bool fail_twice(const struct check_context *list, size_t index)
{
    json_t *element = json_array_get(list->value, index);
    const struct json_place at = ELEMENT(&list->at, index);
    const struct json_place label = MEMBER(&at, "label");

    return fail_at(list->err, ERR_DUPLICATE_NAME, json_object_get(element, "label") ? &label : &at,
                   "another objective has the key \"%.64s\": give a label of its own",
                   json_string_value(asked_key(element)));
}

/* Whether all keys differ. */
static bool check_keys(const struct check_context *list)
{
    const size_t count = json_array_size(list->value);
    struct keyed *keyed = arena_new(list->body->dom->arena, struct keyed, count + 1);
    size_t first = count;

    if (!keyed)
        return arena_fail(list->body->dom->arena, list->err);
    for (size_t i = 0; i < count; i++)
        keyed[i] = (struct keyed){asked_key(json_array_get(list->value, i)), i};
    qsort(keyed, count, sizeof *keyed, by_key);
    for (size_t i = 1; i < count; i++)
        if (compare_keys(&keyed[i - 1], &keyed[i]) == 0 && keyed[i].index < first)
            first = keyed[i].index;
    return first == count || fail_twice(list, first);
}

bool check_asked(const struct check_context *context)
{
    return check_each(context, "an array of objectives", check_element) && check_keys(context);
}
