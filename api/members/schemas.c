/* schemas.c - the routes that take model outputs. */
#include "api/members/schemas.h"

#include "core/objectives.h"

#include "api/members/field_checks.h"

#include <string.h>

/* ---- the members of each route ---- */

static const struct route_member members_of_score[FIELD_COUNT] = {
#define FIELD(name, scope, effect, check, schema, help)                                            \
    [FIELD_##name] = {SCOPE_##scope, NULL, NULL},
#include "api/members/fields.def"
};

#define TAKEN(name, scope) [FIELD_##name] = {SCOPE_##scope, NULL, NULL},

static const struct route_member members_of_rank[FIELD_COUNT] = {
#define RANK_TAKES(name, scope) TAKEN(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) TAKEN(name, scope)
#include "api/members/rank.def"
};

static const struct route_member members_of_compare[FIELD_COUNT] = {
#define COMPARE_TAKES(name, scope) TAKEN(name, scope)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) TAKEN(name, scope)
#include "api/members/compare.def"
};

/* ---- an outer and an inner list ---- */

/* Report the list that is later in the body. */
static bool fail_both(const struct check_context *object, const struct layout_part *list)
{
    const char *name, *later = NULL;
    json_t *value;

    json_object_foreach(object->value, name, value)
    {
        if (strcmp(name, list[0].name) == 0 || strcmp(name, list[1].name) == 0)
            later = name;
    }
    return fail_at(object->err, ERR_CONFLICT, &MEMBER(&object->at, later),
                   "%s and %s at the top level exclude each other", list[0].name, list[1].name);
}

/* A request must have the outer list or the inner one, but not both.  An element of the outer list
 * must have the inner one. */
static bool check_two_lists(const struct check_context *object)
{
    const struct layout_part *list = object->schema->layout->part;
    const bool has_outer = object->kind == 0 && json_object_get(object->value, list[0].name);

    if (!(list[1].in >> object->kind & 1))
        return true;
    if (json_object_get(object->value, list[1].name))
        return !has_outer || fail_both(object, list);
    return has_outer
           || fail_at(object->err, ERR_MISSING_MEMBER, &MEMBER(&object->at, list[1].name),
                      object->kind == 0 ? "%s are missing, or %s of a single one" : "a %s needs %s",
                      object->kind == 0 ? list[0].name : object->schema->kind[object->kind],
                      list[1].name);
}

/* ---- the routes ---- */

const struct route_schema schema_score = {.layout = &body_layout_sequences,
                                          .kind = {"request", "sequence"},
                                          .member = members_of_score,
                                          .hints = ON_SCORE};
const struct route_schema schema_rank = {.layout = &body_layout_choices,
                                         .kind = {"request", "question", "choice"},
                                         .objectives = 1U << OBJECTIVE_conditional,
                                         .member = members_of_rank,
                                         .parts = check_two_lists,
                                         .around = check_question,
                                         .hints = ON_RANK,
                                         .ranks = true};
const struct route_schema schema_compare = {.layout = &body_layout_models,
                                            .kind = {"request", "sequence", "model"},
                                            .member = members_of_compare,
                                            .parts = check_two_lists,
                                            .hints = ON_COMPARE};
