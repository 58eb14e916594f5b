/* scores.h - the results of a request: its scored sequences and the totals. */
#ifndef API_SCORE_SCORES_H
#define API_SCORE_SCORES_H

#include "api/score/scored.h"

struct corpus;
struct temperature_totals;

struct scores {
    const char *model; /* NULL: not given */
    size_t model_length;
    size_t count;
    struct scored **sequences;               /* `count` of them, in body order */
    struct total total[OBJECTIVE_COUNT];     /* by enum objective_id */
    struct corpus *corpus;                   /* NULL: not requested */
    struct temperature_totals *temperatures; /* NULL: no sequence has a list of some */
};

/* Compute the sums of all sequences, whose columns are filled, and the totals of the objectives.
 * Add the sums to `totals`, too (OBJECTIVE_COUNT entries; NULL: none). */
void scores_evaluate(struct scores *scores, struct totals *totals);

#endif
