/* ranking.h - the choices of questions, ranked (core/choice.h). */
#ifndef API_ROUTES_RANK_RANKING_H
#define API_ROUTES_RANK_RANKING_H

#include "api/exchange/api.h"
#include "api/score/scores.h"
#include "core/choice.h"

struct question {
    json_t *id;        /* NULL: none */
    const bool *right; /* count; NULL: no gold is given */
    size_t first;      /* of its plans among the scores */
    size_t count;
    const struct choice *choices; /* count */

    const double *probability; /* count; NULL: not defined */
    bool has_best[NORM_COUNT]; /* and so an accuracy, where there is gold */
    size_t best[NORM_COUNT];
    bool has_brier;
    double brier;
};

struct ranking {
    const struct scores *scores;
    struct question *questions;
    size_t count;
};

/* Rank the choices that were scored. */
bool ranking_make(struct ranking *ranking, const struct scores *scores, struct exchange *x);

#endif
