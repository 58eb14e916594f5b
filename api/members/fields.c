/* fields.c - checks the members of a request one by one. */
#include "api/members/fields.h"

#include "api/base/nearest.h"
#include "api/members/field_checks.h"
#include "api/members/parameter_check.h"

#include <string.h>

static check_f *const checks[] = {
#define FIELD(name, scope, effect, check, schema, help) check,
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_OWN(name, scope, effect, check, schema, help)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/compare.def"
#define POLICY_TAKES(name, scope)
#define POLICY_READS(name, scope, effect, check, schema, help)
#define POLICY_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/policy.def"
#define PREFERENCE_TAKES(name, scope)
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help)
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/preference.def"
};

/* The name of a member of the route that is near.  NULL: there is none. */
static const char *near_name(const struct check_context *context)
{
    const char *names[FIELD_COUNT + PARAMETER_COUNT + 1] = {NULL};
    const struct family *family = context->schema->family;
    size_t count = 0;

    for (enum field known = 0; known < FIELD_COUNT; known++)
        if (context->schema->member[known].scope != SCOPE_NOWHERE)
            names[count++] = field_info(known)->name;
    for (enum parameter_id known = PARAMETER_NONE + 1; family && known < PARAMETER_COUNT; known++)
        if (family_has(family, known))
            names[count++] = parameter_info(known)->name;
    return nearest_find(names, context->at.member);
}

/* Report a name that the route does not take. */
static bool fail_unknown(const struct check_context *context, enum field field)
{
    const char *hint = hint_find(context->schema->hints, context->at.member), *near;

    if (hint)
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at, "is not known: %s", hint);
    if (field < FIELD_COUNT)
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "is not taken by this route, only by another one");
    near = near_name(context);
    if (near)
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "is not known; the nearest member is %s", near);
    return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                   "is not known (docs/reference.md names all members)");
}

/* The parameter of objectives that a member of the request is.  PARAMETER_NONE: it is none. */
static enum parameter_id parameter_of(const struct check_context *context)
{
    const struct family *family = context->schema->family;
    const enum parameter_id parameter =
        family && context->kind == 0 ? parameter_find(context->at.member) : PARAMETER_NONE;

    return parameter != PARAMETER_NONE && family_has(family, parameter) ? parameter
                                                                        : PARAMETER_NONE;
}

static bool check_member(const struct check_context *context)
{
    const struct route_schema *schema = context->schema;
    const enum field field = field_find(context->at.member);
    const struct route_member *member = &schema->member[field];
    const enum parameter_id parameter = parameter_of(context);

    if (parameter != PARAMETER_NONE)
        return parameter_check(context, parameter);
    if (field == FIELD_COUNT || member->scope == SCOPE_NOWHERE)
        return fail_unknown(context, field);
    if (!(member->scope >> context->kind & 1))
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "belongs to the %s, not to a %s", schema->kind[schema_kind(schema, field)],
                       schema->kind[context->kind]);
    return (member->check ? member->check : checks[field])(context);
}

/* Check each member of an object, in body order. */
static bool check_members(const struct check_context *context)
{
    struct check_context member = *context;
    const char *name;

    json_object_foreach(context->value, name, member.value)
    {
        member.at = MEMBER(&context->at, name);
        if (!check_member(&member))
            return false;
    }
    return true;
}

/* Whether the members of an object are valid, ignoring nested objects; the request's parts, too. */
static bool is_good_outside(const struct check_context *object)
{
    struct error fault = {0};
    struct check_context outside = *object;

    outside.progress = NULL;
    outside.err = &fault;
    return check_members(&outside)
           && (object->kind > 0 || !object->schema->parts || object->schema->parts(&outside));
}

/* Whether an object has a part that objects of its kind must have. */
static bool has_needed(const struct check_context *object)
{
    const struct layout_part *part = object->schema->layout->part;

    while (part->name
           && !(part->needed && (part->in >> object->kind & 1)
                && json_object_get(object->value, part->name)))
        part++;
    return part->name != NULL;
}

static bool check_parts(const struct check_context *object)
{
    const struct route_schema *schema = object->schema;

    return (!schema->parts || schema->parts(object))
           && (!schema->around || !has_needed(object) || schema->around(object));
}

static bool is_crossed(const struct check_context *object)
{
    return sequence_iterator_crosses(object->schema->layout, object->kind, object->value);
}

/* Count the sequences of a valid object; `before` of them are before it.  Those in its parts are
 * counted, but if the object crosses these, only as a whole. */
static void count_object(const struct check_context *object, size_t before)
{
    const struct body_layout *layout = object->schema->layout;
    size_t *sequences = &object->progress->sequences;

    if (!sequence_iterator_enters(layout, object->kind, object->value))
        ++*sequences;
    else if (is_crossed(object))
        *sequences = before + sequence_iterator_count_in(layout, object->kind, object->value);
}

/* Check an object in a part, and number it.  The sequences in it count as valid only if its own
 * members, which are their defaults, are valid too. */
static bool check_object(const struct check_context *context)
{
    struct progress *progress = context->progress;
    const size_t before = progress->sequences;
    struct check_context object = *context;

    object.owner = progress->owners++;
    if (!must_be(context, json_is_object(context->value), "an object") || !check_members(&object)
        || !check_parts(&object)) {
        if (is_crossed(&object) || !is_good_outside(&object))
            progress->sequences = before;
        progress->inside = true;
        return false;
    }
    count_object(&object, before);
    return true;
}

bool fields_check_early(const struct route_schema *schema, const struct holder *holder, bool all,
                        struct body *body, struct error *err)
{
    struct progress progress = {.owners = holder->owner + 1};
    const struct check_context context = {.value = holder->object,
                                          .at = ROOT,
                                          .schema = schema,
                                          .body = body,
                                          .owner = holder->owner,
                                          .kind = holder->kind,
                                          .progress = all ? &progress : NULL,
                                          .check_object = check_object,
                                          .err = err};

    return check_members(&context);
}

bool fields_check_output(json_t *value, const struct json_place *at, size_t owner,
                         struct body *body, struct error *err)
{
    const struct check_context context = {
        .value = value, .at = *at, .body = body, .owner = owner, .err = err};

    return check_logits(&context);
}

bool fields_check(const struct route_schema *schema, struct body *body, size_t *bad,
                  struct error *err)
{
    struct progress progress = {0};
    const struct check_context request = {.value = body->tree,
                                          .at = ROOT,
                                          .schema = schema,
                                          .body = body,
                                          .owner = TOP_LEVEL,
                                          .progress = &progress,
                                          .check_object = check_object,
                                          .err = err};

    *bad = TOP_LEVEL;
    if (check_members(&request) && check_parts(&request))
        return true;
    if (progress.inside && !is_crossed(&request) && is_good_outside(&request))
        *bad = progress.sequences;
    return false;
}
