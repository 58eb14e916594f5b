/* score.h - plans carried out: rows reduced, columns filled, objectives evaluated. */
#ifndef API_SCORE_H
#define API_SCORE_H

#include "api/api.h"
#include "api/sequence.h"

struct scores {
    const char *model; /* NULL: not given */
    size_t model_length;
    size_t count;
    struct plan *plans; /* count */
    struct totals totals[OBJECTIVE_COUNT];
};

/* Score the sequences of a request.  What is wrong is found in body order, sequence by sequence. */
bool score_request(struct scores *scores, struct envelope *envelope, struct exchange *x);

/* Fill the columns of plans that share one output; count >= 1.  plans[0..count) are borrowed. */
bool score_rows(struct plan *const *plans, size_t count, struct exchange *x, struct error *err);
bool score_logprobs(struct plan *plan, struct exchange *x, struct error *err);

#endif
