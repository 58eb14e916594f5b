/* planner.h - what the plans of one request are made from, and the results that they share. */
#ifndef API_PLAN_PLANNER_H
#define API_PLAN_PLANNER_H

#include "api/exchange/api.h"
#include "api/members/fields.h"
#include "api/plan/name_lists.h"
#include "api/plan/temperature_list.h"
#include "api/plan/text_sizes.h"

struct planner {
    const struct route_schema *schema;
    struct body *body;
    struct exchange *x; /* its arena owns what is made; work is charged to it */

    /* Parsed once and shared by sequences. */
    struct name_lists names;
    struct temperature_lists temperatures;
    struct text_sizes_memo sizes;
    json_t *judged[LAYOUT_LEVELS];     /* outer objects with valid members, by level */
    struct engine_answers *answers;    /* parsed answers of engines; NULL: none yet */
    struct windows *windows;           /* of sequences with some, in body order (score/windows.h) */
    struct windows *windows_at;        /* of the latest of these sequences */
    struct distribution *distribution; /* listed tokens, of the latest answer; NULL: none yet */
};

#endif
