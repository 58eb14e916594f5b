/* scorer.h - fills the columns of sequences that share their rows, one row at a time. */
#ifndef API_SCORE_SCORER_H
#define API_SCORE_SCORER_H

#include "api/exchange/api.h"
#include "api/score/reductions.h"
#include "api/score/scored.h"

/* One pass over the rows. */
struct scorer {
    struct exchange *x;
    struct scored *const *sequences; /* borrowed */
    size_t count;                    /* at least 1 */

    size_t end; /* no sequence needs this row or a later one */

    /* The current row.  Sequences that need the same reduction share it. */
    const struct row *row;
    size_t index;
    struct reductions reductions;
    double *room;               /* for what samplers keep; NULL: none did yet */
    size_t room_width;          /* of the row that it is for */
    struct row_fault fault;     /* why the row is bad */
    const struct scored *asker; /* the first sequence that needs it; NULL: it is good */
};

/* Start a pass over the rows of `count` sequences, which are borrowed.  For a single sequence no
 * memory is allocated.  False with *err set: memory is used up. */
bool scorer_init(struct scorer *scorer, struct scored *const *sequences, size_t count,
                 struct exchange *x, struct error *err);

/* Whether some sequence needs row `index`. */
bool scorer_needs(const struct scorer *scorer, size_t index);

/* Reduce row `index` and fill the entries of its token in each sequence that needs it.  False: the
 * row is bad (scorer->asker is set; call scorer_fail()), or memory or work is used up (*err is
 * set). */
bool scorer_row(struct scorer *scorer, size_t index, const struct row *row, struct error *err);

/* Record why the last row was bad, with a pointer to the row or logit.  Returns false. */
bool scorer_fail(const struct scorer *scorer, struct error *err);

#endif
