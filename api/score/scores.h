/* scores.h - what came out of the sequences of a request. */
#ifndef API_SCORE_SCORES_H
#define API_SCORE_SCORES_H

#include "api/score/scored.h"

struct corpus;

struct scores {
    const char *model; /* NULL: not given */
    size_t model_length;
    size_t count;
    struct scored **sequences; /* count */
    struct totals totals[OBJECTIVE_COUNT];
    struct corpus *corpus; /* NULL: nothing of it was asked for */
};

/* Evaluate the objectives of a sequence whose columns are filled; add them to the totals, and to
 * further ones (NULL: none). */
void scores_evaluate(struct scores *scores, struct scored *scored, struct totals *totals);

#endif
