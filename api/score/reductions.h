/* reductions.h - the different reductions that sequences need of the rows that they share.
 *
 * Sequences with the same transform and the same statistics share one reduction, so each row is
 * reduced once for all of them.  A sequence with a list of temperatures needs a reduction for each
 * that differs (plan/plan_temperatures.h): all that is asked for of the first, and only
 * log-probabilities of the others. */
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
    struct reduction only;  /* used if one is all that is needed */
    struct reduction *list; /* otherwise: the different reductions */
    size_t *of;             /* the index in `list` of each that is needed; NULL: `only` is used */
    size_t *first;          /* the first one in `of` for each sequence; NULL: 0 is that of all */
};

/* Find the reductions of sequences.  If all need the same one, no memory is allocated.  False with
 * *err set: memory is used up. */
bool reductions_make(struct reductions *reductions, struct scored *const *sequences, size_t count,
                     struct arena *arena, struct error *err);

/* The reduction of sequence `index` for one of its transforms. */
static inline struct reduction *reduction_of(struct reductions *reductions, size_t index,
                                             size_t transform)
{
    const size_t first = reductions->first ? reductions->first[index] : 0;

    return reductions->of ? &reductions->list[reductions->of[first + transform]]
                          : &reductions->only;
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
