/* fields.h - the members of a request, one by one: their names, types and ranges.
 *
 * What one member alone can get wrong is judged here; how members fit together, in sequence.h. */
#ifndef API_FIELDS_H
#define API_FIELDS_H

#include "api/envelope.h"
#include "api/place.h"

#define TOP_MAX 1024 /* K of the detail top:K */

enum field {
#define FIELD(name, scope, effect, check, schema, help) FIELD_##name,
#include "api/fields.def"
    FIELD_COUNT
};

enum field_scope { SCOPE_REQUEST, SCOPE_SEQUENCE };
enum field_effect { EFFECT_ON_ROWS, EFFECT_ON_ANSWER };

struct field_info {
    const char *name;
    enum field_scope scope;
    enum field_effect effect;
    const char *schema; /* with ' for " */
    const char *help;
};

const struct field_info *field_info(enum field field);

enum detail { DETAIL_RANK = 1 << 0, DETAIL_ENTROPY = 1 << 1, DETAIL_TOP = 1 << 2 };

/* Judge the members of the request, in body order.  Where a fault lies inside a sequence and all
 * that is outside the sequences is good, *bad is its index; else it is TOP_LEVEL. */
bool fields_check(struct envelope *envelope, size_t *bad, struct error *err);

/* Judge the members, as far as they have come, of the request (`sequence` is TOP_LEVEL; sequences
 * are left alone unless `all`) or of one sequence. */
bool fields_check_early(json_t *object, size_t sequence, bool all, struct envelope *envelope,
                        struct error *err);

/* The value of a member: of the object, or NULL. */
json_t *field_value(const json_t *object, enum field field);

/* What "rank", "entropy" or "top:K" asks for; 0 where it is none of them. */
enum detail detail_find(const char *text, size_t *k);

enum alignment { ALIGN_NEXT, ALIGN_SAME };

#endif
