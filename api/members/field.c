/* field.c - the members that requests may have. */
#include "api/members/field.h"

#include <string.h>

static const struct field_info infos[] = {
#define FIELD(name, scope, effect, check, schema, help) {#name, EFFECT_##effect, schema, help},
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help)                                      \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_OWN(name, scope, effect, check, schema, help)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help)                                   \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/compare.def"
#define POLICY_TAKES(name, scope)
#define POLICY_READS(name, scope, effect, check, schema, help)
#define POLICY_MEMBER(name, scope, effect, check, schema, help)                                    \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/policy.def"
#define PREFERENCE_TAKES(name, scope)
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help)
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help)                                \
    {#name, EFFECT_##effect, schema, help},
#include "api/members/preference.def"
};

const struct field_info *field_info(enum field field)
{
    return &infos[field];
}

json_t *field_value(const json_t *object, enum field field)
{
    return json_object_get(object, infos[field].name);
}

bool field_is_batch(enum field field, const json_t *value)
{
    switch (field) {
    case FIELD_tokens:
    case FIELD_prompt:
    case FIELD_completion:
    case FIELD_mask:
    case FIELD_attention_mask:
    case FIELD_labels:
    case FIELD_weights:
        return json_is_array(value) && json_is_array(json_array_get(value, 0));
    default:
        return false;
    }
}

enum field field_find(const char *name)
{
    enum field field = 0;

    while (field < FIELD_COUNT && strcmp(infos[field].name, name) != 0)
        field++;
    return field;
}
