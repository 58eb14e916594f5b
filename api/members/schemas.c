/* schemas.c - the routes that take model outputs. */
#include "api/members/schemas.h"

#include "core/objectives.h"
#include "core/policies.h"

#include "api/members/field_checks.h"
#include "api/members/members.h"
#include "api/members/models.h"

#include <string.h>

/* ---- the members of each route ---- */

static const struct route_member members_of_score[FIELD_COUNT] = {
#define FIELD(name, scope, effect, check, schema, help)                                            \
    [FIELD_##name] = {SCOPE_##scope, NULL, NULL},
#define FIELD_WIDER(name, scope, effect, check, schema, help, own_check, own_schema, own_help)     \
    [FIELD_##name] = {SCOPE_##scope, own_check,                                                    \
                      &(const struct field_info){#name, EFFECT_##effect, own_schema, own_help}},
#include "api/members/fields.def"
};

#define TAKEN(name, scope) [FIELD_##name] = {SCOPE_##scope, NULL, NULL},

static const struct field_info models_of_rank = {
    "models", EFFECT_ON_ROWS,
    "{'type':'array','minItems':2,'maxItems':2,'items':{'$ref':'#/components/schemas/RankModel'}}",
    "Two models, a and b, each with an output for the choice; beside choices their outputs are "
    "shared by "
    "these. The answer then has a ranking of each and their difference."};

static const struct route_member members_of_rank[FIELD_COUNT] = {
    [FIELD_models] = {SCOPE_CHOICE, NULL, &models_of_rank},
#define RANK_TAKES(name, scope) TAKEN(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) TAKEN(name, scope)
#include "api/members/rank.def"
};

static const struct route_member members_of_compare[FIELD_COUNT] = {
#define COMPARE_TAKES(name, scope) TAKEN(name, scope)
#define COMPARE_OWN(name, scope, effect, check, schema, help)                                      \
    [FIELD_##name] = {SCOPE_##scope, check,                                                        \
                      &(const struct field_info){#name, EFFECT_##effect, schema, help}},
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) TAKEN(name, scope)
#include "api/members/compare.def"
};

#define READ(name, scope, effect, check, schema, help)                                             \
    [FIELD_##name] = {SCOPE_##scope, check,                                                        \
                      &(const struct field_info){#name, EFFECT_##effect, schema, help}},

static const struct route_member members_of_policy[FIELD_COUNT] = {
#define POLICY_TAKES(name, scope) TAKEN(name, scope)
#define POLICY_READS(name, scope, effect, check, schema, help)                                     \
    READ(name, scope, effect, check, schema, help)
#define POLICY_MEMBER(name, scope, effect, check, schema, help) TAKEN(name, scope)
#include "api/members/policy.def"
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
                   "%s and %s at the top level exclude each other: put %s into the elements of %s",
                   list[0].name, list[1].name, list[1].name, list[0].name);
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

/* ---- windows ---- */

/* Windows are those of one sequence. */
static bool check_windows_of_one(const struct check_context *object)
{
    const struct layout_part *list = object->schema->layout->part;

    return object->kind > 0 || !json_object_get(object->value, list[0].name)
           || !json_object_get(object->value, list[1].name) || fail_both(object, list);
}

/* ---- outputs of policies ---- */

static const struct holder *innermost(const struct sequence_path *path)
{
    return &path->holder[path->count - 1];
}

/* A sequence without an output is no place to look for one: the route says what is missing. */
static bool policy_tells(const struct sequence_path *path)
{
    return innermost(path)->kind != 2;
}

/* The entropy of the rows of `current`. */
static unsigned policy_details(const struct sequence_path *path)
{
    const struct layout_part *part = &path->schema->layout->part[innermost(path)->part];
    const json_t *details = field_value(path->holder[0].object, FIELD_details);
    size_t top;

    for (size_t i = 0; strcmp(part->name, "current") == 0 && i < json_array_size(details); i++)
        if (detail_find(ON_POLICY, json_string_value(json_array_get(details, i)), &top)
            == DETAIL_ENTROPY)
            return DETAIL_ENTROPY;
    return 0;
}

/* ---- models of choices ---- */

static bool check_rank_parts(const struct check_context *object)
{
    return check_two_lists(object) && (object->kind > 0 || models_check(object));
}

/* ---- the routes ---- */

const struct route_schema schema_score = {.layout = &body_layout_sequences,
                                          .kind = {"request", "sequence", "window"},
                                          .member = members_of_score,
                                          .parts = check_windows_of_one,
                                          .hints = ON_SCORE};
const struct route_schema schema_rank = {.layout = &body_layout_choices,
                                         .kind = {"request", "question", "choice", "model"},
                                         .objectives = 1U << OBJECTIVE_conditional,
                                         .member = members_of_rank,
                                         .parts = check_rank_parts,
                                         .around = check_question,
                                         .hints = ON_RANK,
                                         .ranks = true};
const struct route_schema schema_compare = {.layout = &body_layout_models,
                                            .kind = {"request", "sequence", "model"},
                                            .member = members_of_compare,
                                            .parts = check_two_lists,
                                            .hints = ON_COMPARE};
const struct route_schema schema_policy = {.layout = &body_layout_policies,
                                           .kind = {"request", "sequence", "output"},
                                           .objectives = 1U << OBJECTIVE_conditional,
                                           .member = members_of_policy,
                                           .parts = check_sources,
                                           .tells = policy_tells,
                                           .details = policy_details,
                                           .family = &family_policy,
                                           .hints = ON_POLICY,
                                           .asks_holder = true,
                                           .masks_numbers = true,
                                           .may_be_empty = true};
