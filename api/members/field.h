/* field.h - the members that requests may have, as their tables say (fields.def, rank.def,
 * compare.def): names, where they may stand, documentation. */
#ifndef API_MEMBERS_FIELD_H
#define API_MEMBERS_FIELD_H

#include "api/json/dom.h"

#define TOP_MAX 1024                         /* K of the detail top:K */
#define SIZE_MAX_COUNT ((json_int_t)1 << 40) /* of characters, ...: sums of many stay exact */
#define BOOTSTRAP_MAX_SAMPLES 100000         /* of the member bootstrap */

enum field {
#define FIELD(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/compare.def"
    FIELD_COUNT
};

/* In how many levels of objects, from the request on, a member may stand: in the innermost of them,
 * or as a default in one further out. */
enum field_scope {
    SCOPE_NOWHERE,
    SCOPE_REQUEST,
    SCOPE_SEQUENCE,
    SCOPE_QUESTION = SCOPE_SEQUENCE,
    SCOPE_CHOICE,
    SCOPE_MODEL = SCOPE_CHOICE
};
enum field_effect { EFFECT_ON_ROWS, EFFECT_ON_ANSWER };

struct field_info {
    const char *name;
    enum field_effect effect;
    const char *schema; /* with ' for " */
    const char *help;
};

const struct field_info *field_info(enum field field);

enum detail { DETAIL_RANK = 1 << 0, DETAIL_ENTROPY = 1 << 1, DETAIL_TOP = 1 << 2 };

/* The value of a member: of the object, or NULL. */
json_t *field_value(const json_t *object, enum field field);

/* FIELD_COUNT: there is none of that name. */
enum field field_find(const char *name);

/* What "rank", "entropy" or "top:K" asks for; 0 where it is none of them. */
enum detail detail_find(const char *text, size_t *k);

enum alignment { ALIGN_NEXT, ALIGN_SAME };

#endif
