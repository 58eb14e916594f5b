/* name_lists.h - the parsed lists of names `objectives` and `details`.
 *
 * A list may be long and many sequences may share it, so it is parsed once and remembered. */
#ifndef API_PLAN_NAME_LISTS_H
#define API_PLAN_NAME_LISTS_H

#include "core/objectives.h"

#include "api/body/body_layout.h"
#include "api/json/dom.h"

#define NOT_NAMED ((size_t)-1)

struct name_list {
    const json_t *list;                /* the list that was parsed; NULL: none yet */
    size_t objective[OBJECTIVE_COUNT]; /* index of its first name in the list, or NOT_NAMED */
    unsigned details;                  /* mask of enum detail */
    size_t top;                        /* K of the last name "top:K" */
};

/* The list that was parsed last, of each kind and at each level of objects. */
struct name_lists {
    struct name_list objectives[LAYOUT_LEVELS], details[LAYOUT_LEVELS];
    const json_t *asked; /* the list that was last searched for "nll": "joint" ... */
    bool joint;          /* ... and whether it has that */
};

/* Parse a list that an object at `level` holds (0: the request), or return the remembered result if
 * it is the same list.  Its names must have been checked (members/fields.h). */
const struct name_list *name_lists_objectives(struct name_lists *memo, size_t level,
                                              const json_t *list);
const struct name_list *name_lists_details(struct name_lists *memo, size_t level,
                                           const json_t *list);

/* Whether a request asks for an "nll" that is "joint": as a member of its own, or of an element of
 * `objectives`. */
bool name_lists_joint(struct name_lists *memo, const json_t *request);

#endif
