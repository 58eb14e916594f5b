/* check_context.h - the value that a check of a member looks at, and helpers for writing checks. */
#ifndef API_MEMBERS_CHECK_CONTEXT_H
#define API_MEMBERS_CHECK_CONTEXT_H

#include "api/base/json_place.h"
#include "api/body/body.h"
#include "api/members/field.h"
#include "api/members/range.h"

struct check_context;
typedef bool check_f(const struct check_context *context);

/* Progress of checking the objects in lists. */
struct progress {
    size_t owners;    /* objects checked so far */
    size_t sequences; /* sequences found valid */
    bool inside;      /* the fault is inside one of the objects */
};

/* The value to check, its place in the request, and what else a check may need. */
struct check_context {
    json_t *value;
    struct json_place at;
    const struct route_schema *schema;
    struct body *body;
    size_t owner;              /* the number of the object around the value (body_layout.h) */
    size_t kind;               /* the kind of that object: 0 is the request */
    struct progress *progress; /* NULL: do not check the lists */
    check_f *check_object;     /* checks an object in a list */
    struct error *err;
};

/* All functions below return whether the value is valid, and set context->err if not.
 *
 * must_be() returns `good`; the error says that the value must be `what`. */
bool must_be(const struct check_context *context, bool good, const char *what);
bool check_string(const struct check_context *context); /* must be a string */
bool check_count(const struct check_context *context);  /* must be an integer, 0 or more */

/* The value must be an integer of at least `least`.  `what` describes it in the error. */
bool check_integer(const struct check_context *context, json_int_t least, const char *what);

/* The value must be an array (which may be empty), and each element must pass `check`. */
bool check_each(const struct check_context *context, const char *what, check_f *check);

/* The same for an array with an entry for each token, which may be in a batch of one: [[...]]. */
bool check_entries(const struct check_context *context, const char *what, check_f *check);

/* The value must be an object, and each member must pass the check beside its name.  `names` ends
 * with NULL. */
bool check_named(const struct check_context *context, const char *const *names,
                 check_f *const *checks);

/* The value must be a number, and `good` must hold.  `range` describes the range in the error. */
bool in_range(const struct check_context *context, bool good, const char *range);

/* The value must be a number in a range of the table. */
bool check_range(const struct check_context *context, enum range_id range);

/* The value must be a string, and `good` must hold.  `choices` lists the valid ones in the
 * error. */
bool one_of(const struct check_context *context, bool good, const char *choices);

/* The value must be a part of the layout: a non-empty list of objects, or an object, as the part
 * says.  `none` is the error for an empty list. */
bool check_part(const struct check_context *context, const char *none);

#endif
