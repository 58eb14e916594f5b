/* field.h - the members that requests may have, from the tables fields.def, rank.def, compare.def,
 * preference.def: names, places, documentation. */
#ifndef API_MEMBERS_FIELD_H
#define API_MEMBERS_FIELD_H

#include "api/json/dom.h"
#include "api/members/detail.h"

#define CANDIDATES_MAX 1024                  /* ids that `candidates` asks about at a token */
#define TEMPERATURES_MAX 16                  /* entries of a list of temperatures */
#define SIZE_MAX_COUNT ((json_int_t)1 << 40) /* largest text size: sums stay exact */
#define BOOTSTRAP_MAX_SAMPLES 100000         /* `samples` of the member bootstrap is at most this */

enum field {
#define FIELD(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/fields.def"
#define RANK_TAKES(name, scope)
#define RANK_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/rank.def"
#define COMPARE_TAKES(name, scope)
#define COMPARE_OWN(name, scope, effect, check, schema, help)
#define COMPARE_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/compare.def"
#define POLICY_TAKES(name, scope)
#define POLICY_READS(name, scope, effect, check, schema, help)
#define POLICY_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/policy.def"
#define PREFERENCE_TAKES(name, scope)
#define PREFERENCE_RETAKES(name, scope, effect, check, schema, help)
#define PREFERENCE_MEMBER(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/members/preference.def"
    FIELD_COUNT
};

/* In which kinds of objects (body_layout.h) a member may be, as a mask of 1 << kind.  In an outer
 * object it is a default for those inside. */
enum field_scope {
    SCOPE_NOWHERE = 0,
    SCOPE_REQUEST = 1 << 0,
    SCOPE_SEQUENCE = 3, /* POST /v1/score, /v1/compare */
    SCOPE_WINDOW = 7,   /* POST /v1/score: of a window, or of a sequence without windows */
    SCOPE_WINDOW_ONLY = 4,
    SCOPE_QUESTION = 3, /* POST /v1/rank */
    SCOPE_CHOICE = 7,
    SCOPE_MODEL = 7,         /* POST /v1/compare */
    SCOPE_OUTPUT = 7,        /* POST /v1/policy */
    SCOPE_OWN = 4,           /* the same, of an output alone */
    SCOPE_CHOICE_MODEL = 15, /* POST /v1/rank: of a model of a choice, and what is around it */
    SCOPE_LABEL = 9,         /* the same, of a model and of the request alone */
    SCOPE_PAIR = 1 << 1,     /* POST /v1/preference */
    SCOPE_EXAMPLE = 1 << 2,
    SCOPE_COMPLETIONS = 1 << 2 | 1 << 3,
    SCOPE_OUTPUT_ALONE = 1 << 4,
    SCOPE_PAIR_DEFAULT = 1 | SCOPE_PAIR,
    SCOPE_EXAMPLE_DEFAULT = 1 | SCOPE_EXAMPLE,
    SCOPE_CASE_DEFAULT = 1 | SCOPE_PAIR | SCOPE_EXAMPLE,
    SCOPE_COMPLETION_DEFAULT = 15,
    SCOPE_OUTPUT_DEFAULT = 31
};

/* Whether a member affects what is computed from rows of logits, or only the answer. */
enum field_effect { EFFECT_ON_ROWS, EFFECT_ON_ANSWER };

struct field_info {
    const char *name;
    enum field_effect effect;
    const char *schema; /* JSON Schema, with ' for " */
    const char *help;
};

/* The row of the table for a member. */
const struct field_info *field_info(enum field field);

/* The value of a member of `object`.  NULL: absent. */
json_t *field_value(const json_t *object, enum field field);

/* Whether a valid value is a batch of one: [[...]] where [...] has an entry for each token. */
bool field_is_batch(enum field field, const json_t *value);

/* The value of a flag: 1 or true, else 0 or false. */
static inline bool flag_value(const json_t *value)
{
    return json_is_true(value) || json_number_value(value) == 1;
}

/* The member of that name.  FIELD_COUNT: there is none. */
enum field field_find(const char *name);

/* The token of row r, before `offset` is added: r + 1 (next) or r (same). */
enum alignment { ALIGN_NEXT, ALIGN_SAME };

#endif
