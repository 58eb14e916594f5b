/* pair.h - compares two models over the tokens of one sequence. */
#ifndef API_ROUTES_COMPARE_PAIR_H
#define API_ROUTES_COMPARE_PAIR_H

#include "core/comparison.h"
#include "core/divergence.h"

#include "api/routes/compare/meeting.h"
#include "api/score/scores.h"

/* The change of a token's probability, or a number that its two rows have in common. */
enum distance {
#define DISTANCE(id, name) DISTANCE_##id,
#include "api/routes/compare/distances.def"
    DISTANCE_COUNT
};

/* The name of a distance in the answer. */
const char *distance_name(enum distance distance);

/* The comparison of an objective's tokens, in one sequence or in all. */
struct contrast {
    struct comparison tokens;
    struct spread *spread[DISTANCE_COUNT]; /* of the tokens that have each; NULL: not measured */
    size_t same_top; /* number of tokens with both rows whose argmax is the same */
    struct figure same_top_share, same_top_error;

    struct figure binoculars, discrepancy, expected_tokens; /* core/crossing.h */
};

/* One sequence with both models. */
struct pair {
    const struct scored *model[2]; /* a and b */
    unsigned objectives;           /* mask of 1 << enum objective_id: those of both models */
    struct asked asked;
    struct divergence *row; /* for each token; NULL: one model has no rows */
    struct meeting *more;   /* for each token; NULL: nothing more is asked */
    bool *taught;           /* tokens whose likeliest are known; NULL: all of `more` */
    struct dd *above;       /* for each token, with asked.crosses: ln p_b + the cross-entropy */
    struct contrast contrast[OBJECTIVE_COUNT]; /* by enum objective_id */
};

/* Whether an objective compares a token. */
bool pair_has(const struct pair *pair, enum objective_id id, size_t token);

/* Whether some objective compares a token. */
bool pair_compares(const struct pair *pair, size_t token);

/* Whether the tokens of a pair may have a distance. */
bool pair_measures(const struct pair *pair, enum distance distance);

/* The distance of a token that is compared; NaN is no number.  False: it has none. */
bool pair_distance(const struct pair *pair, enum distance distance, size_t token, double *value);

#endif
