/* fields.h - checks the members of a request one by one: names, types and ranges.
 *
 * Only faults of a single member are found here.  Whether members fit together is checked when a
 * plan is made (plan/plan_make.h). */
#ifndef API_MEMBERS_FIELDS_H
#define API_MEMBERS_FIELDS_H

#include "api/base/json_place.h"
#include "api/body/body.h"
#include "api/members/schema.h"

/* Check all members of a complete request, in body order.  False with *err set.  If the fault is
 * inside a sequence and everything outside the sequences is valid, *bad is the number of valid
 * sequences before it.  Otherwise *bad is TOP_LEVEL. */
bool fields_check(const struct route_schema *schema, struct body *body, size_t *bad,
                  struct error *err);

/* Check the members that have arrived of one object on the path to a sequence.  `all`: also those
 * in its lists.  False with *err set. */
bool fields_check_early(const struct route_schema *schema, const struct holder *holder, bool all,
                        struct body *body, struct error *err);

/* Check a value as the member `logits` of an owner: it must be an array of rows (a span) or an
 * encoded tensor.  `at` is its place.  False with *err set. */
bool fields_check_output(json_t *value, const struct json_place *at, size_t owner,
                         struct body *body, struct error *err);

#endif
