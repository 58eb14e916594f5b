/* score.h - plans carried out: rows reduced, columns filled, objectives evaluated. */
#ifndef API_SCORE_SCORE_H
#define API_SCORE_SCORE_H

#include "api/exchange/api.h"
#include "api/score/reductions.h"

struct corpus;

struct scores {
    const char *model; /* NULL: not given */
    size_t model_length;
    size_t count;
    struct plan *plans; /* count */
    struct totals totals[OBJECTIVE_COUNT];
    struct corpus *corpus; /* NULL: nothing of it was asked for */
};

/* Evaluate the objectives of a plan that was carried out; add them to the totals, and to further
 * ones (NULL: none). */
void score_evaluate(struct scores *scores, struct plan *plan, struct totals *totals);

/* Score the sequences of a request.  What is wrong is found in body order, sequence by sequence. */
bool score_request(struct scores *scores, struct envelope *envelope, struct exchange *x);

/* Fills the columns of plans that share the same rows, from one row after another. */
struct scorer {
    struct exchange *x;
    struct plan *const *plans; /* borrowed */
    size_t count;              /* at least 1 */

    size_t end; /* no plan asks about this row, or one behind it */

    /* The row at hand: sequences that ask the same of it share its reduction. */
    const struct row *row;
    size_t index;
    struct reductions reductions;
    struct row_fault fault; /* why the row is bad */
};

/* A single plan takes no memory. */
bool scorer_init(struct scorer *scorer, struct plan *const *plans, size_t count, struct exchange *x,
                 struct error *err);

/* Whether some plan asks about row `index`. */
bool scorer_needs(const struct scorer *scorer, size_t index);

/* Do what the plans ask of row `index`. */
bool scorer_row(struct scorer *scorer, size_t index, const struct row *row, struct error *err);

/* Fill the columns of a plan from log-probabilities. */
bool score_logprobs(struct plan *plan, struct exchange *x, struct error *err);

#endif
