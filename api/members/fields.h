/* fields.h - the members of a request, one by one: their names, types and ranges.
 *
 * What one member alone can get wrong is judged here; how members fit together, in plan.h. */
#ifndef API_MEMBERS_FIELDS_H
#define API_MEMBERS_FIELDS_H

#include "api/base/json_place.h"
#include "api/body/envelope.h"
#include "api/members/sequence_iterator.h"

#define TOP_MAX 1024 /* K of the detail top:K */

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

struct check_context; /* check_context.h */
typedef bool check_f(const struct check_context *context);

/* What a route takes.  Where its layout has an inner list, a request may leave the outer one out.
 */
struct route_schema {
    const struct body_layout *layout;
    const char *level[LAYOUT_LEVELS]; /* what the objects of each level are called */
    unsigned objectives;              /* those that it scores; 0: what `objectives` says */
    const enum field_scope *scope;    /* of each field */
    check_f *around;  /* judges an object with an inner list whose members are good; NULL: none */
    bool ranks;       /* the sequences are choices: what is said of several tells nothing */
    const char *kept; /* what is said where rows do not fit that are looked at again when all is in;
                         NULL: they are not */
};

extern const struct route_schema schema_score, schema_rank, schema_compare;

enum detail { DETAIL_RANK = 1 << 0, DETAIL_ENTROPY = 1 << 1, DETAIL_TOP = 1 << 2 };

/* Judge the members of the request, in body order.  Where a fault lies inside a sequence and all
 * that is outside the sequences is good, *bad is how many sequences come before it; else it is
 * TOP_LEVEL. */
bool fields_check(struct envelope *envelope, size_t *bad, struct error *err);

/* Judge the members, as far as they have come, of one object on the way to a sequence; `all`: those
 * in its lists, too. */
bool fields_check_early(const struct holder *holder, bool all, struct envelope *envelope,
                        struct error *err);

/* Judge what stands at `at` as logits: a span of rows of the owner, or an encoded tensor. */
bool fields_check_output(json_t *value, const struct json_place *at, size_t owner,
                         struct envelope *envelope, struct error *err);

/* The value of a member: of the object, or NULL. */
json_t *field_value(const json_t *object, enum field field);

/* FIELD_COUNT: there is none of that name. */
enum field field_find(const char *name);

/* What "rank", "entropy" or "top:K" asks for; 0 where it is none of them. */
enum detail detail_find(const char *text, size_t *k);

enum alignment { ALIGN_NEXT, ALIGN_SAME };

#endif
