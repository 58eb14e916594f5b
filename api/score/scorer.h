/* scorer.h - the columns of sequences that share their rows, filled from one row after another. */
#ifndef API_SCORE_SCORER_H
#define API_SCORE_SCORER_H

#include "api/exchange/api.h"
#include "api/score/reductions.h"
#include "api/score/scored.h"

struct scorer {
    struct exchange *x;
    struct scored *const *sequences; /* borrowed */
    size_t count;                    /* at least 1 */

    size_t end; /* no sequence asks about this row, or one behind it */

    /* The row at hand: sequences that ask the same of it share its reduction. */
    const struct row *row;
    size_t index;
    struct reductions reductions;
    struct row_fault fault;     /* why the row is bad, */
    const struct scored *asker; /* and the first sequence that asks about it; NULL: it is good */
};

/* A single sequence takes no memory. */
bool scorer_init(struct scorer *scorer, struct scored *const *sequences, size_t count,
                 struct exchange *x, struct error *err);

/* Whether some sequence asks about row `index`. */
bool scorer_needs(const struct scorer *scorer, size_t index);

/* Do what the sequences ask of row `index`.  False: the row is bad (scorer->asker), or *err says
 * that memory or work is up. */
bool scorer_row(struct scorer *scorer, size_t index, const struct row *row, struct error *err);

/* Word why the last row was bad, for a request that has members.  Returns false. */
bool scorer_fail(const struct scorer *scorer, struct error *err);

#endif
