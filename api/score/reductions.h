/* reductions.h - the different reductions that sequences need of the rows that they share.
 *
 * Sequences with the same transform and the same statistics share one reduction, so each row is
 * reduced once for all of them. */
#ifndef API_SCORE_REDUCTIONS_H
#define API_SCORE_REDUCTIONS_H

#include "core/kept_row.h"

#include "api/score/scored.h"

/* One kind of reduction, and its result for the latest row. */
struct reduction {
    struct transform transform;
    struct sampling sampling;
    unsigned wants;         /* mask of enum row_want */
    size_t row;             /* 1 + index of the latest row that was reduced; 0: none */
    struct row_stats stats; /* the result for that row */
};

struct reductions {
    struct reduction only;  /* used if all sequences need the same reduction */
    struct reduction *list; /* otherwise: the different reductions */
    size_t *of;             /* the index in `list` for each sequence; NULL: `only` is used */
};

/* Find the reductions of sequences.  If all need the same one, no memory is allocated.  False with
 * *err set: memory is used up. */
bool reductions_make(struct reductions *reductions, struct scored *const *sequences, size_t count,
                     struct arena *arena, struct error *err);

/* The reduction of sequence `index`. */
static inline struct reduction *reduction_of(struct reductions *reductions, size_t index)
{
    return reductions->of ? &reductions->list[reductions->of[index]] : &reductions->only;
}

/* Whether the tokens that are kept make a row of their own. */
static inline bool reduction_keeps(const struct reduction *reduction)
{
    return sampling_drops(&reduction->sampling) || (reduction->wants & ROW_KEPT);
}

/* Reduce a row.  `room` is for 2 V doubles if tokens are dropped.  False with *fault set: the row
 * is bad. */
bool reduction_run(struct reduction *reduction, const struct kernel *kernel, const struct row *row,
                   double *room, struct row_fault *fault);

#endif
