/* answer_type.h - types of members of answers, as tables say them in words.
 *
 *     type = one *(" or " one)
 *     one  = "list of " one / "map of " one    a map is an object with any names
 *          / "[" type *(", " type) "]"         a list of as many, each of its own type
 *          / "(" type ")"
 *          / "integer" / "string" / "boolean" / "null"
 *          / "number"                          a double, or an infinity as a string
 *          / "finite number" / "fraction"      a double; one from 0 to 1
 *          / "'text'" / digit                  this text, this digit
 *          / name of a schema                  begins with a capital
 *
 * So "list of X or null" is a list or null, "list of (X or null)" a list of both. */
#ifndef API_ROUTES_ABOUT_ANSWER_TYPE_H
#define API_ROUTES_ABOUT_ANSWER_TYPE_H

#include "api/base/strbuf.h"

/* Write the members of the type's JSON Schema, without braces around them. */
void answer_type_write(struct strbuf *text, const char *type);

#endif
