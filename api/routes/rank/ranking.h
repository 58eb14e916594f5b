/* ranking.h - ranks the choices of questions (core/choice.h). */
#ifndef API_ROUTES_RANK_RANKING_H
#define API_ROUTES_RANK_RANKING_H

#include "api/exchange/api.h"
#include "api/routes/rank/model_choices.h"
#include "core/choice.h"

struct confidences; /* confidences.h */

/* A question, and the ranking of its choices. */
struct question {
    json_t *id;        /* NULL: none */
    const bool *right; /* for each choice; NULL: no gold is given */
    size_t first;      /* index of its first choice in of.choices */
    size_t count;      /* number of choices */
    const struct choice *choices;

    const double *probability; /* for each choice; NULL: not defined */
    bool has_best[NORM_COUNT]; /* the best choice is defined, and with gold an accuracy */
    size_t best[NORM_COUNT];   /* index of the best choice */
    bool has_brier;
    double brier; /* 0 to 2; lower is better */

    bool has_mass; /* its choices are tokens of one distribution */
    double mass;   /* the share of those that are listed, 0 to 1 */

    bool has_values;   /* some choice has a value ... */
    bool has_expected; /* ... and a probability above 0 */
    double expected;   /* the mean value, weighted with probabilities */

    size_t rank; /* of the best right choice by the value that `calibration` names; 0: not known */
};

struct ranking {
    struct model_choices of;
    struct question *questions;
    size_t count;
    struct confidences *confidences; /* NULL: no calibration is asked for */
};

/* Rank the choices of a scored request, those of one of its models.  False with x->error set: two
 * choices of a question mean the same token, only some are tokens of one distribution, or memory is
 * used up. */
bool ranking_make(struct ranking *ranking, const struct scores *scores, size_t model,
                  struct exchange *x);

/* Whether the best choice under a normalisation is right.  False: that is not known. */
bool question_accuracy(const struct question *question, enum norm norm, bool *right);

#endif
