/* planner.h - what the plans of one request are made from, and what they share. */
#ifndef API_PLAN_PLANNER_H
#define API_PLAN_PLANNER_H

#include "api/exchange/api.h"
#include "api/members/fields.h"
#include "api/plan/name_lists.h"
#include "api/plan/text_sizes.h"

struct planner {
    const struct route_schema *schema;
    struct envelope *body;
    struct exchange *x; /* its arena owns all that is made, and its work is charged */

    /* Read once for the sequences that share it. */
    struct name_lists names;
    struct text_sizes_memo sizes;
    json_t *judged[LAYOUT_LISTS];   /* the objects around the last sequence, once found good */
    struct engine_answers *answers; /* of engines (engines/engine_answers.h); NULL: none yet */
};

#endif
