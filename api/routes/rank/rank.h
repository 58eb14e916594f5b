/* rank.h - POST /v1/rank: multiple choice.
 *
 * A request holds questions, each with choices; or it is itself a question.  A choice is a sequence
 * as POST /v1/score takes it, with its question's and the request's members as defaults, and what
 * it is worth is its conditional log-probability, to the bit what that route answers, in several
 * normalisations (core/choice.h).
 *
 * The members are declared in api/members/rank.def; the answer is described in docs/rank.md. */
#ifndef API_ROUTES_RANK_RANK_H
#define API_ROUTES_RANK_RANK_H

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

/* The answer, as JSON. */
bool ranking_write(struct strbuf *text, const struct ranking *ranking, struct exchange *x);

#endif
