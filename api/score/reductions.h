/* reductions.h - what sequences ask of the rows that they share: each reduction is made once. */
#ifndef API_SCORE_REDUCTIONS_H
#define API_SCORE_REDUCTIONS_H

#include "api/score/scored.h"

/* A way to reduce a row, and what that came to. */
struct reduction {
    struct transform transform;
    unsigned wants;         /* mask of enum row_want */
    size_t row;             /* the row that it was made of, counted from 1; 0: none yet */
    struct row_stats stats; /* of that row */
};

struct reductions {
    struct reduction only;  /* where all sequences ask the same ... */
    struct reduction *list; /* ... else all that are different, */
    size_t *of; /* and for each sequence its place among them; NULL: there is only one */
};

/* Find those of sequences; where these ask the same, that takes no memory. */
bool reductions_make(struct reductions *reductions, struct scored *const *sequences, size_t count,
                     struct arena *arena, struct error *err);

static inline struct reduction *reduction_of(struct reductions *reductions, size_t index)
{
    return reductions->of ? &reductions->list[reductions->of[index]] : &reductions->only;
}

#endif
