/* schema_preference.c - POST /v1/preference. */
#include "core/objectives.h"
#include "core/preferences.h"

#include "api/members/field_checks.h"
#include "api/members/members.h"
#include "api/members/schemas.h"

#include <string.h>

/* The kinds of objects of body_layout_pairs. */
enum kind { KIND_REQUEST, KIND_PAIR, KIND_EXAMPLE, KIND_COMPLETION, KIND_OUTPUT };

/* ---- the members ---- */

#define PREFERENCE_TAKES(name, scope)
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help)
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help)                               \
    static const struct field_info own_##name = {#name, EFFECT_##effect, schema, help};
#include "api/members/preference.def"

static const struct route_member members[FIELD_COUNT] = {
#define PREFERENCE_TAKES(name, scope) [FIELD_##name] = {SCOPE_##scope, NULL, NULL},
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help)                                \
    [FIELD_##name] = {SCOPE_##scope, NULL, NULL},
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help)                               \
    [FIELD_##name] = {SCOPE_##scope, check, &own_##name},
#include "api/members/preference.def"
};

/* ---- what objects must have ---- */

static bool has(const struct check_context *object, enum field field)
{
    return field_value(object->value, field) != NULL;
}

static bool lacks(const struct check_context *object, enum field field, const char *detail)
{
    return fail_at(object->err, ERR_MISSING_MEMBER, &MEMBER(&object->at, field_info(field)->name),
                   "%s", detail);
}

/* Whether an object has at most one of some members, the last of which is FIELD_COUNT.  Otherwise
 * the second one in the body is reported. */
static bool at_most_one(const struct check_context *object, const enum field *fields)
{
    const char *name, *first = NULL;
    json_t *value;

    json_object_foreach(object->value, name, value)
    {
        const enum field *field = fields;

        while (*field != FIELD_COUNT && strcmp(field_info(*field)->name, name) != 0)
            field++;
        if (*field == FIELD_COUNT)
            continue;
        if (first)
            return fail_at(object->err, ERR_CONFLICT, &MEMBER(&object->at, name),
                           "%s and %s exclude each other", first, name);
        first = name;
    }
    return true;
}

static bool check_request(const struct check_context *object)
{
    static const enum field lists[] = {FIELD_pairs, FIELD_examples, FIELD_COUNT};

    if (!has(object, FIELD_pairs) && !has(object, FIELD_examples))
        return lacks(object, FIELD_pairs, "pairs are missing, or examples");
    return at_most_one(object, lists);
}

static bool check_pair(const struct check_context *object)
{
    static const enum field sides[] = {FIELD_chosen, FIELD_rejected};

    for (size_t i = 0; i < 2; i++)
        if (!has(object, sides[i]))
            return lacks(object, sides[i], "a pair has a chosen and a rejected completion");
    return true;
}

static bool check_example(const struct check_context *object)
{
    return has(object, FIELD_label) || field_value(object->body->tree, FIELD_label)
           || lacks(object, FIELD_label, "an example says whether it is desirable");
}

/* An output is one of four forms; a number of tokens is told beside a sum. */
static bool check_output(const struct check_context *object)
{
    static const enum field forms[] = {FIELD_log_prob, FIELD_logits, FIELD_logprobs, FIELD_outputs,
                                       FIELD_COUNT},
                            counted[] = {FIELD_tokens, FIELD_logits, FIELD_logprobs, FIELD_outputs,
                                         FIELD_COUNT};

    if (!at_most_one(object, forms) || !at_most_one(object, counted))
        return false;
    if (has(object, FIELD_tokens) && !has(object, FIELD_log_prob))
        return lacks(object, FIELD_log_prob, "a number of tokens is told beside log_prob");
    return has(object, FIELD_log_prob) || has(object, FIELD_logits) || has(object, FIELD_logprobs)
           || has(object, FIELD_outputs)
           || lacks(object, FIELD_logits,
                    "what the model said is missing: logits, logprobs, outputs or log_prob");
}

static bool check_parts(const struct check_context *object)
{
    switch ((enum kind)object->kind) {
    case KIND_REQUEST:
        return check_request(object);
    case KIND_PAIR:
        return check_pair(object);
    case KIND_EXAMPLE:
        return check_example(object);
    case KIND_OUTPUT:
        return check_output(object);
    case KIND_COMPLETION:
        break;
    }
    return true;
}

/* ---- defaults ---- */

/* An example's label is about no token, and its tokens are not those of a mismatched completion. */
static bool hides(const struct holder *outer, const struct holder *inner, enum field field)
{
    if (field == FIELD_label)
        return true;
    return outer->kind == KIND_EXAMPLE && inner->kind == KIND_COMPLETION
           && (field == FIELD_tokens || field == FIELD_completion || field == FIELD_prompt_length
               || field == FIELD_mask || field == FIELD_attention_mask || field == FIELD_labels);
}

/* No plan is made of a sum, or of a completion that no model judged. */
static bool tells(const struct sequence_path *path)
{
    const struct holder *last = &path->holder[path->count - 1];

    return last->kind != KIND_OUTPUT || field_value(last->object, FIELD_log_prob);
}

const struct route_schema schema_preference = {
    .layout = &body_layout_pairs,
    .kind = {"request", "pair", "example", "completion", "output"},
    .objectives = 1U << OBJECTIVE_conditional,
    .asks_holder = true,
    .asks_joint = true,
    .member = members,
    .parts = check_parts,
    .hides = hides,
    .tells = tells,
    .family = &family_preference,
    .hints = ON_PREFERENCE};
