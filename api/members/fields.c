/* fields.c - the members of a request, one by one. */
#include "api/members/fields.h"

#include "core/dtype.h"
#include "core/loss.h"
#include "core/objective.h"

#include "api/base/nearest.h"
#include "api/base/number.h"
#include "api/members/check_context.h"

#include <math.h>
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

static bool check_id(const struct check_context *context)
{
    return must_be(context, json_is_string(context->value) || json_is_integer(context->value),
                   "a string or an integer");
}

static bool check_boolean(const struct check_context *context)
{
    return must_be(context, json_is_boolean(context->value), "true or false");
}

/* An integer of at least `least`. */
static bool check_integer(const struct check_context *context, json_int_t least, const char *what)
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

static bool check_token_id(const struct check_context *context)
{
    return check_integer(context, 0, "a token id, an integer");
}

static bool check_ids(const struct check_context *context)
{
    return check_each(context, "an array of token ids", check_token_id);
}

static bool check_flag(const struct check_context *context)
{
    return check_integer(context, 0, "0 or 1")
           && (json_integer_value(context->value) <= 1
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "must be 0 or 1"));
}

static bool check_flags(const struct check_context *context)
{
    return check_each(context, "an array of 0 and 1", check_flag);
}

static bool check_label(const struct check_context *context)
{
    return must_be(context, json_is_integer(context->value), "a token id or -100");
}

static bool check_labels(const struct check_context *context)
{
    return check_each(context, "an array of token ids and -100", check_label);
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

static bool check_not_negative(const struct check_context *context)
{
    return in_range(context, json_number_value(context->value) >= 0, "at least 0");
}

static bool check_positive(const struct check_context *context)
{
    return in_range(context, json_number_value(context->value) > 0, "above 0");
}

static bool check_weights(const struct check_context *context)
{
    return check_each(context, "an array of numbers", check_not_negative);
}

static bool check_label_smoothing(const struct check_context *context)
{
    const double e = json_number_value(context->value);

    return in_range(context, e >= 0 && e < 1, "at least 0 and below 1");
}

bool one_of(const struct check_context *context, bool good, const char *choices)
{
    return check_string(context)
           && (good
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "\"%.64s\" is not one of %s", json_string_value(context->value),
                          choices));
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

static bool check_alignment(const struct check_context *context)
{
    return one_of(context, is_text(context->value, "next") || is_text(context->value, "same"),
                  "next, same");
}

static bool check_dtype(const struct check_context *context)
{
    enum dtype dtype;

    if (context->envelope->has_parts)
        return one_of(context,
                      json_is_string(context->value)
                          && dtype_find(json_string_value(context->value), &dtype),
                      "f64, f32, f16, bf16");
    return one_of(context, is_text(context->value, "f32") || is_text(context->value, "f64"),
                  "f32, f64");
}

static bool check_smoothing(const struct check_context *context)
{
    enum smoothing smoothing;

    return one_of(context,
                  json_is_string(context->value)
                      && smoothing_find(json_string_value(context->value), &smoothing),
#define SMOOTHING(id, name, formula) " " name
                  "the definitions:"
#include "core/smoothings.def"
    );
}

static bool check_objective(const struct check_context *context)
{
    enum objective_id id;

    return one_of(
        context,
        json_is_string(context->value) && objective_find(json_string_value(context->value), &id),
#define OBJECTIVE(name) " " #name
        "the objectives:"
#include "core/objectives.def"
    );
}

static bool check_objectives(const struct check_context *context)
{
    return check_each(context, "an array of names", check_objective)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one must be named"));
}

enum detail detail_find(const char *text, size_t *k)
{
    size_t value = 0;

    if (strcmp(text, "rank") == 0)
        return DETAIL_RANK;
    if (strcmp(text, "entropy") == 0)
        return DETAIL_ENTROPY;
    if (strncmp(text, "top:", 4) != 0 || text[4] == '\0' || text[4] == '0')
        return 0;
    for (const char *c = text + 4; *c; c++) {
        if (*c < '0' || *c > '9')
            return 0;
        value = value * 10 + (size_t)(*c - '0');
        if (value > TOP_MAX)
            return 0;
    }
    *k = value;
    return DETAIL_TOP;
}

static bool check_detail(const struct check_context *context)
{
    size_t k;

    return one_of(context,
                  json_is_string(context->value)
                      && detail_find(json_string_value(context->value), &k) != 0,
                  "rank, entropy, top:K with K from 1 to 1024");
}

static bool check_details(const struct check_context *context)
{
    return check_each(context, "an array of names", check_detail);
}

static bool check_sequences(const struct check_context *context)
{
    return check_objects(context, 0, "at least one sequence must be given");
}

static const struct field_info infos[] = {
#define FIELD(name, scope, effect, check, schema, help) {#name, EFFECT_##effect, schema, help},
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help)                                      \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help)                                   \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/compare.def"
};

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
                                          .scope = scopes_of_score};
const struct route_schema schema_rank = {.layout = &body_layout_choices,
                                         .level = {"request", "question", "choice"},
                                         .objectives = 1U << OBJECTIVE_conditional,
                                         .scope = scopes_of_rank,
                                         .around = check_question,
                                         .ranks = true};
const struct route_schema schema_compare = {
    .layout = &body_layout_models,
    .level = {"request", "sequence", "model"},
    .scope = scopes_of_compare,
    .kept = "the rows of both models, which are kept to be compared,"};

const struct field_info *field_info(enum field field)
{
    return &infos[field];
}

json_t *field_value(const json_t *object, enum field field)
{
    return json_object_get(object, infos[field].name);
}

enum field field_find(const char *name)
{
    enum field field = 0;

    while (field < FIELD_COUNT && strcmp(infos[field].name, name) != 0)
        field++;
    return field;
}

/* A name that the route does not take. */
static bool fail_unknown(const struct check_context *context, enum field field)
{
    const enum field_scope *scope = context->envelope->schema->scope;
    const char *names[FIELD_COUNT + 1] = {NULL};
    size_t count = 0;

    for (enum field known = 0; known < FIELD_COUNT; known++)
        if (scope[known] != SCOPE_NOWHERE)
            names[count++] = infos[known].name;
    if (field < FIELD_COUNT)
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "is not taken by this route, only by another one");
    return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                   "is not known; the nearest member is %s",
                   nearest_find(names, context->at.member));
}

static bool check_member(const struct check_context *context)
{
    const struct route_schema *schema = context->envelope->schema;
    const enum field field = field_find(context->at.member);

    if (field == FIELD_COUNT || schema->scope[field] == SCOPE_NOWHERE)
        return fail_unknown(context, field);
    if (context->level >= schema->scope[field])
        return fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                       "belongs to the %s, not to a %s", schema->level[schema->scope[field] - 1],
                       schema->level[context->level]);
    return checks[field](context);
}

/* Every member of the object in `judged`, in body order. */
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

/* Whether both lists of the layout are in one object. */
static bool has_both(const struct check_context *object)
{
    const char *const *list = object->envelope->schema->layout->list;

    return list[0] && list[1] && json_object_get(object->value, list[0])
           && json_object_get(object->value, list[1]);
}

/* Whichever comes later in the body is at fault. */
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

/* A request has an outer list, or the inner one itself; what is in the outer one has an inner one.
 */
static bool check_lists(const struct check_context *object)
{
    const struct route_schema *schema = object->envelope->schema;
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

/* Whether the members of an object are good but for what is in its lists. */
static bool is_good_outside(const struct check_context *object)
{
    struct error fault = {0};
    struct check_context outside = *object;

    outside.progress = NULL;
    outside.err = &fault;
    return check_members(&outside);
}

/* An element of a list: its number is that of its place in the text.  Sequences in it count as good
 * only where the defaults are that it has for them. */
static bool check_object(const struct check_context *context)
{
    const struct route_schema *schema = context->envelope->schema;
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

bool check_objects(const struct check_context *context, size_t list, const char *none)
{
    struct check_context objects = *context;

    objects.level = list + 1;
    return !context->progress
           || (check_each(&objects, "an array of objects", check_object)
               && (json_array_size(context->value) > 0
                   || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "%s", none)));
}

bool fields_check_early(const struct holder *holder, bool all, struct envelope *envelope,
                        struct error *err)
{
    struct progress progress = {.owners = holder->owner + 1};
    const struct check_context context = {holder->object,
                                          ROOT,
                                          envelope,
                                          holder->owner,
                                          holder->list == LAYOUT_LISTS ? 0 : holder->list + 1,
                                          all ? &progress : NULL,
                                          err};

    return check_members(&context);
}

bool fields_check(struct envelope *envelope, size_t *bad, struct error *err)
{
    struct progress progress = {0};
    const struct check_context request = {envelope->tree, ROOT, envelope, TOP_LEVEL, 0,
                                          &progress,      err};

    *bad = TOP_LEVEL;
    if (check_members(&request) && check_lists(&request))
        return true;
    /* With both lists, it was not the sequences that the fault came behind. */
    if (progress.inside && !has_both(&request) && is_good_outside(&request))
        *bad = progress.sequences;
    return false;
}
