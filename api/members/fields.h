/* fields.h - judging the members of a request, one by one: names, types and ranges.
 *
 * What one member alone can get wrong is judged here; how members fit together, in plan.h. */
#ifndef API_MEMBERS_FIELDS_H
#define API_MEMBERS_FIELDS_H

#include "api/base/json_place.h"
#include "api/body/envelope.h"
#include "api/members/field.h"
#include "api/members/sequence_iterator.h"

struct check_context; /* check_context.h */

/* What a route takes.  Where its layout has an inner list, a request may leave the outer one out.
 */
struct route_schema {
    const struct body_layout *layout;
    const char *level[LAYOUT_LEVELS]; /* what the objects of each level are called */
    unsigned objectives;              /* those that it scores; 0: what `objectives` says */
    const enum field_scope *scope;    /* of each field */
    /* Judges an object with an inner list whose members are good; NULL: none. */
    bool (*around)(const struct check_context *object);

    const char *tokens_name; /* what its `tokens` are called; NULL: that */
    bool ranks;              /* the sequences are choices: what is said of several tells nothing */
};

extern const struct route_schema schema_score, schema_rank, schema_compare;

/* Judge the members of the request, in body order.  Where a fault lies inside a sequence and all
 * that is outside the sequences is good, *bad is how many sequences come before it; else it is
 * TOP_LEVEL. */
bool fields_check(const struct route_schema *schema, struct envelope *envelope, size_t *bad,
                  struct error *err);

/* Judge the members, as far as they have come, of one object on the way to a sequence; `all`: those
 * in its lists, too. */
bool fields_check_early(const struct route_schema *schema, const struct holder *holder, bool all,
                        struct envelope *envelope, struct error *err);

/* Judge what stands at `at` as logits: a span of rows of the owner, or an encoded tensor. */
bool fields_check_output(json_t *value, const struct json_place *at, size_t owner,
                         struct envelope *envelope, struct error *err);

#endif
