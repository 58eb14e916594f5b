/* detections.h - the member `measures`: how well the model knows the text of each objective. */
#ifndef API_SCORE_DETECTIONS_H
#define API_SCORE_DETECTIONS_H

#include "api/base/json_writer.h"
#include "api/exchange/api.h"
#include "api/score/scores.h"

/* Of one objective of a sequence. */
struct detection {
    size_t tokens;
    double *lowest, *lowest_standard; /* for each share that is asked for */
    bool has_discrepancy;
    double discrepancy;
    size_t zlib_bytes; /* 0: not asked for */
};

/* Compute the measures of scored sequences that ask for some; they are allocated in the arena of
 * `x`, and work is charged.  False with x->error set: memory or work is used up. */
bool detections_make(const struct scores *scores, struct exchange *x);

/* Write the member `measures` of an objective, if the sequence asks for measures. */
void detections_put(struct strbuf *text, const struct scored *scored, enum objective_id id);

#endif
