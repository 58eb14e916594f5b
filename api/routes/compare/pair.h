/* pair.h - compares two models over the tokens of one sequence. */
#ifndef API_ROUTES_COMPARE_PAIR_H
#define API_ROUTES_COMPARE_PAIR_H

#include "core/comparison.h"
#include "core/divergence.h"

#include "api/score/scores.h"

/* A divergence of two rows (core/divergence.h), or the change of the token's probability. */
enum distance {
    DISTANCE_DELTA_P,
    DISTANCE_KL_AB,
    DISTANCE_KL_BA,
    DISTANCE_JSD,
    DISTANCE_TV,
    DISTANCE_COUNT
};

/* The name of a distance in the answer. */
const char *distance_name(enum distance distance);

/* The comparison of an objective's tokens, in one sequence or in all. */
struct contrast {
    struct comparison tokens;
    struct spread spread[DISTANCE_COUNT]; /* DELTA_P: of all tokens; others: with both rows */
    size_t same_top; /* number of tokens with both rows whose argmax is the same */
    struct figure same_top_share, same_top_error;
};

/* One sequence with both models. */
struct pair {
    const struct scored *model[2]; /* a and b */
    unsigned objectives;           /* mask of 1 << enum objective_id: those of both models */
    struct divergence *row;        /* for each token; NULL: one model has no rows */
    struct contrast contrast[OBJECTIVE_COUNT]; /* by enum objective_id */
};

/* Whether an objective compares a token. */
bool pair_has(const struct pair *pair, enum objective_id id, size_t token);

/* Whether some objective compares a token. */
bool pair_compares(const struct pair *pair, size_t token);

#endif
