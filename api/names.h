/* names.h - what lists of names ask for: `objectives` and `details`.
 *
 * A list may be long, and many sequences may share it: it is read once, not for each of them. */
#ifndef API_NAMES_H
#define API_NAMES_H

#include "core/objective.h"

#include "api/dom.h"
#include "api/layout.h"

#define NOT_NAMED ((size_t)-1)

struct names {
    const json_t *list;                /* that was read; NULL: none yet */
    size_t objective[OBJECTIVE_COUNT]; /* where each is first named; NOT_NAMED: nowhere */
    unsigned details;                  /* mask of enum detail */
    size_t top;                        /* of DETAIL_TOP, the last one named */
};

/* The list that was read last, of each kind and at each level of objects. */
struct names_memo {
    struct names objectives[LAYOUT_LEVELS], details[LAYOUT_LEVELS];
};

/* What a list of the objects of a level asks for; its names are known to be good. */
const struct names *names_objectives(struct names_memo *memo, size_t level, const json_t *list);
const struct names *names_details(struct names_memo *memo, size_t level, const json_t *list);

#endif
