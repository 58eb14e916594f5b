/* check_context.h - the judging of one value in a request, for those who write checks of members.
 */
#ifndef API_MEMBERS_CHECK_CONTEXT_H
#define API_MEMBERS_CHECK_CONTEXT_H

#include "api/base/json_place.h"
#include "api/body/envelope.h"
#include "api/members/field.h"

struct check_context;
typedef bool check_f(const struct check_context *context);

/* How far the judging of the objects in lists has come. */
struct progress {
    size_t owners;    /* objects that were met */
    size_t sequences; /* that were found good */
    bool inside;      /* the fault lies in one of the objects */
};

/* A value that is being judged: the tree, where it stands, and the rest that a check may need. */
struct check_context {
    json_t *value;
    struct json_place at;
    const struct route_schema *schema;
    struct envelope *envelope;
    size_t owner;              /* number of the object that it is a member of, or is */
    size_t level;              /* of that object */
    struct progress *progress; /* NULL: leave the lists alone */
    check_f *check_object;     /* judges an object in a list */
    struct error *err;
};

/* Each returns `good`, or what it has checked, and fills in context->err where that is false. */
bool must_be(const struct check_context *context, bool good, const char *what);
bool check_string(const struct check_context *context);
bool check_count(const struct check_context *context);

/* An integer of at least `least`; `what` says what it must be. */
bool check_integer(const struct check_context *context, json_int_t least, const char *what);

/* Every element of an array; the array may be empty. */
bool check_each(const struct check_context *context, const char *what, check_f *check);

/* Every member of an object, each by the check beside its name; `names` ends with NULL. */
bool check_named(const struct check_context *context, const char *const *names,
                 check_f *const *checks);

/* A number for which `good` holds; `range` says what that is. */
bool in_range(const struct check_context *context, bool good, const char *range);

/* A string for which `good` holds; `choices` says which there are. */
bool one_of(const struct check_context *context, bool good, const char *choices);

/* The objects in a list of the layout, which are owners of model outputs; `none` is said of an
 * empty one. */
bool check_objects(const struct check_context *context, size_t list, const char *none);

#endif
