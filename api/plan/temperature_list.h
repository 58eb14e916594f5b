/* temperature_list.h - the member `temperature` where it is a list.
 *
 * All is answered for the first temperature, and log-probabilities for the others, too.  Equal ones
 * are computed once. */
#ifndef API_PLAN_TEMPERATURE_LIST_H
#define API_PLAN_TEMPERATURE_LIST_H

#include "core/arena.h"

#include "api/body/body_layout.h"
#include "api/members/field.h"

struct temperature_list {
    size_t count;                       /* 1 to TEMPERATURES_MAX */
    unsigned char of[TEMPERATURES_MAX]; /* for each, its index in ... */
    double different[TEMPERATURES_MAX]; /* ... those that differ, in the order of the list */
    size_t count_different;
};

/* The list that was read last at each level of objects: many sequences may share it. */
struct temperature_lists {
    struct temperature_memo {
        const json_t *json; /* NULL: none yet */
        const struct temperature_list *list;
    } at[LAYOUT_LEVELS];
};

/* Read a list that an object at `level` holds (0: the request), or return the remembered one if it
 * is the same.  Its entries must have been checked.  NULL: memory is used up. */
const struct temperature_list *temperature_lists_read(struct temperature_lists *memo, size_t level,
                                                      const json_t *json, struct arena *arena);

/* How many temperatures differ from the first one; of no list (NULL) none does. */
static inline size_t temperature_list_further(const struct temperature_list *list)
{
    return list ? list->count_different - 1 : 0;
}

/* Whether both are the same list; no list (NULL) is only the same as none. */
bool temperature_list_is_same(const struct temperature_list *a, const struct temperature_list *b);

#endif
