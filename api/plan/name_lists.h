/* name_lists.h - what lists of names ask for: `objectives` and `details`.
 *
 * A list may be long, and many sequences may share it: it is read once, not for each of them. */
#ifndef API_PLAN_NAME_LISTS_H
#define API_PLAN_NAME_LISTS_H

#include "core/objectives.h"

#include "api/body/body_layout.h"
#include "api/json/dom.h"

#define NOT_NAMED ((size_t)-1)

struct name_list {
    const json_t *list;                /* that was read; NULL: none yet */
    size_t objective[OBJECTIVE_COUNT]; /* where each is first named; NOT_NAMED: nowhere */
    unsigned details;                  /* mask of enum detail */
    size_t top;                        /* of DETAIL_TOP, the last one named */
};

/* The list that was read last, of each kind and at each level of objects. */
struct name_lists {
    struct name_list objectives[LAYOUT_LEVELS], details[LAYOUT_LEVELS];
};

/* What a list of the objects of a level asks for; its names are known to be good. */
const struct name_list *name_lists_objectives(struct name_lists *memo, size_t level,
                                              const json_t *list);
const struct name_list *name_lists_details(struct name_lists *memo, size_t level,
                                           const json_t *list);

#endif
