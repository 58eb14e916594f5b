/* reductions.h - what sequences ask of the rows that they share: each reduction is made once. */
#ifndef API_SCORE_REDUCTIONS_H
#define API_SCORE_REDUCTIONS_H

#include "api/plan/plan.h"

/* A way to reduce a row, and what that came to. */
struct reduction {
    struct transform transform;
    unsigned wants;         /* mask of enum row_want */
    size_t row;             /* the row that it was made of, counted from 1; 0: none yet */
    struct row_stats stats; /* of that row */
};

struct reductions {
    struct reduction only;  /* where all plans ask the same ... */
    struct reduction *list; /* ... else all that are different, */
    size_t *of;             /* and for each plan its place among them; NULL: there is only one */
};

/* Find those of plans; where these ask the same, that takes no memory. */
bool reductions_make(struct reductions *reductions, struct plan *const *plans, size_t count,
                     struct arena *arena, struct error *err);

static inline struct reduction *reduction_of(struct reductions *reductions, size_t plan)
{
    return reductions->of ? &reductions->list[reductions->of[plan]] : &reductions->only;
}

#endif
