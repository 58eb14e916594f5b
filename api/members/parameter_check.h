/* parameter_check.h - checks the parameters of objectives, and the member `objectives` of a route
 * with a family of them (core/family.h).
 *
 * An element of `objectives` is a name, or {"name", "label", PARAMETERS}.  Its key in the answer is
 * the label, or else the name. */
#ifndef API_MEMBERS_PARAMETER_CHECK_H
#define API_MEMBERS_PARAMETER_CHECK_H

#include "api/base/strbuf.h"
#include "api/members/check_context.h"

#include "core/family.h"

/* Whether a value may be that of a parameter. */
bool parameter_check(const struct check_context *context, enum parameter_id parameter);

/* The value that was checked. */
struct parameter_value parameter_read(const json_t *value, enum parameter_id parameter);

/* Write which values a parameter may have: "a number above 0", "true or false". */
void parameter_put_range(struct strbuf *text, const struct parameter_info *info);

/* Write the JSON Schema of a parameter. */
void parameter_put_schema(struct strbuf *text, const struct parameter_info *info);

/* Write a value of a parameter as JSON. */
void parameter_put_value(struct strbuf *text, const struct parameter_info *info, double value);

/* Whether a value is a valid list of objectives of the schema's family; it may be empty. */
check_f check_asked;

/* The key of an element that was checked. */
json_t *asked_key(json_t *element);

#endif
