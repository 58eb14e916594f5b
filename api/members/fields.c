/* fields.c - checks the members of a request one by one. */
#include "api/members/fields.h"

#include "core/objectives.h"

#include "api/base/nearest.h"
#include "api/members/field_checks.h"

#include <string.h>

static check_f *const checks[] = {
#define FIELD(name, scope, effect, check, schema, help) check,
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) check,
#include "api/members/compare.def"
};

static const enum field_scope scopes_of_score[FIELD_COUNT] = {
#define FIELD(name, scope, effect, check, schema, help) [FIELD_##name] = SCOPE_##scope,
#include "api/members/fields.def"
};

static const enum field_scope scopes_of_rank[FIELD_COUNT] = {
#define RANK_TAKES(name, scope) [FIELD_##name] = SCOPE_##scope,
#define RANK_MEMBER(name, scope, effect, check, schema, help) [FIELD_##name] = SCOPE_##scope,
#include "api/members/rank.def"
};

static const enum field_scope scopes_of_compare[FIELD_COUNT] = {
#define COMPARE_TAKES(name, scope) [FIELD_##name] = SCOPE_##scope,
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) [FIELD_##name] = SCOPE_##scope,
#include "api/members/compare.def"
};

const struct route_schema schema_score = {.layout = &body_layout_sequences,
                                          .level = {"request", "sequence", NULL},
                                          .scope = scopes_of_score,
                                          .hints = ON_SCORE};
const struct route_schema schema_rank = {.layout = &body_layout_choices,
                                         .level = {"request", "question", "choice"},
                                         .objectives = 1U << OBJECTIVE_conditional,
                                         .scope = scopes_of_rank,
                                         .hints = ON_RANK,
                                         .around = check_question,
                                         .ranks = true};
const struct route_schema schema_compare = {.layout = &body_layout_models,
                                            .level = {"request", "sequence", "model"},
                                            .scope = scopes_of_compare,
                                            .hints = ON_COMPARE};

/* The name of a member of the route that is near.  NULL: there is none. */
static const char *near_name(const struct check_context *context)
{
    const enum field_scope *scope = context->schema->scope;
    const char *names[FIELD_COUNT + 1] = {NULL};
    size_t count = 0;

    for (enum field known = 0; known < FIELD_COUNT; known++)
        if (scope[known] != SCOPE_NOWHERE)
            names[count++] = field_info(known)->name;
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

static bool check_member(const struct check_context *context)
{
    const struct route_schema *schema = context->schema;
    const enum field field = field_find(context->at.member);

    if (field == FIELD_COUNT || schema->scope[field] == SCOPE_NOWHERE)
        return fail_unknown(context, field);
    if (context->level >= schema->scope[field])
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "belongs to the %s, not to a %s", schema->level[schema->scope[field] - 1],
                       schema->level[context->level]);
    return checks[field](context);
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

/* Whether an object has both lists of the layout. */
static bool has_both(const struct check_context *object)
{
    const char *const *list = object->schema->layout->list;

    return list[0] && list[1] && json_object_get(object->value, list[0])
           && json_object_get(object->value, list[1]);
}

/* Report the list that is later in the body. */
static bool fail_both(const struct check_context *object, const char *const *list)
{
    const char *name, *later = NULL;
    json_t *value;

    json_object_foreach(object->value, name, value)
    {
        if (strcmp(name, list[0]) == 0 || strcmp(name, list[1]) == 0)
            later = name;
    }
    return fail_at(object->err, ERR_CONFLICT, &MEMBER(&object->at, later),
                   "%s and %s at the top level exclude each other", list[0], list[1]);
}

/* A request must have the outer list or the inner one, but not both.  An element of the outer list
 * must have the inner one. */
static bool check_lists(const struct check_context *object)
{
    const struct route_schema *schema = object->schema;
    const char *const *list = schema->layout->list;
    const bool is_request = object->level == 0;

    if (!list[1] || object->level + 1 == LAYOUT_LEVELS)
        return true;
    if (!json_object_get(object->value, list[1]))
        return (is_request && json_object_get(object->value, list[0]))
               || fail_at(object->err, ERR_MISSING_MEMBER, &MEMBER(&object->at, list[1]),
                          is_request ? "%s are missing, or %s of a single one" : "a %s needs %s",
                          is_request ? list[0] : schema->level[object->level], list[1]);
    return has_both(object) ? fail_both(object, list) : !schema->around || schema->around(object);
}

/* Whether the members of an object are valid, ignoring nested lists. */
static bool is_good_outside(const struct check_context *object)
{
    struct error fault = {0};
    struct check_context outside = *object;

    outside.progress = NULL;
    outside.err = &fault;
    return check_members(&outside);
}

/* Check an element of a list, and number it.  The sequences in it count as valid only if its own
 * members, which are their defaults, are valid too. */
static bool check_object(const struct check_context *context)
{
    const struct route_schema *schema = context->schema;
    struct progress *progress = context->progress;
    const size_t before = progress->sequences;
    struct check_context object = *context;

    object.owner = progress->owners++;
    if (!must_be(context, json_is_object(context->value), "an object") || !check_members(&object)
        || !check_lists(&object)) {
        if (!is_good_outside(&object))
            progress->sequences = before;
        progress->inside = true;
        return false;
    }
    progress->sequences += object.level + 1 == LAYOUT_LEVELS || !schema->level[object.level + 1];
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
                                          .level =
                                              holder->list == LAYOUT_LISTS ? 0 : holder->list + 1,
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
    if (check_members(&request) && check_lists(&request))
        return true;
    /* With both lists, the fault is not in a sequence. */
    if (progress.inside && !has_both(&request) && is_good_outside(&request))
        *bad = progress.sequences;
    return false;
}
