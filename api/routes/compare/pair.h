/* pair.h - two models over the tokens of one sequence. */
#ifndef API_ROUTES_COMPARE_PAIR_H
#define API_ROUTES_COMPARE_PAIR_H

#include "core/comparison.h"
#include "core/divergence.h"

#include "api/score/scores.h"

/* A divergence of rows, or the change of the token's probability. */
enum distance {
    DISTANCE_DELTA_P,
    DISTANCE_KL_AB,
    DISTANCE_KL_BA,
    DISTANCE_JSD,
    DISTANCE_TV,
    DISTANCE_COUNT
};

const char *distance_name(enum distance distance);

/* The tokens of an objective, of one sequence or of all. */
struct contrast {
    struct comparison tokens;
    struct spread spread[DISTANCE_COUNT]; /* DELTA_P: all tokens; others: those with both rows */
    size_t same_top;                      /* of the latter */
    struct figure same_top_share, same_top_error;
};

/* One sequence. */
struct pair {
    const struct scored *model[2]; /* a and b */
    unsigned objectives;           /* mask of 1 << enum objective_id: of both */
    struct divergence *row;        /* by token; NULL: they have not both rows */
    struct contrast contrast[OBJECTIVE_COUNT];
};

/* Whether an objective compares a token. */
bool pair_has(const struct pair *pair, enum objective_id id, size_t token);

/* Whether some objective does. */
bool pair_compares(const struct pair *pair, size_t token);

#endif
