/* confidences.h - the calibration of a ranking: the confidence in the best choice of each question
 * with gold, and how well these agree with what is right (core/calibration.h). */
#ifndef API_ROUTES_RANK_CONFIDENCES_H
#define API_ROUTES_RANK_CONFIDENCES_H

#include "api/members/calibration_options.h"
#include "api/routes/rank/ranking.h"

struct confidences {
    struct calibration_options options;
    struct verdict *verdicts; /* of the questions that have a confidence, in ascending order */
    size_t count;
    struct calibration calibration;
    struct calibration_bin *bins; /* options.bins of them */
    double *reciprocals;          /* 1 / rank, of the questions that have one */
    size_t ranks;                 /* number of these */
};

/* Add the calibration to a ranking, and the ranks to its questions, if the request asks for it.
 * False with x->error set: no question has gold, or memory or work is used up. */
bool confidences_make(struct ranking *ranking, const json_t *request, struct exchange *x);

#endif
