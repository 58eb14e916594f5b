/* paired.h - two models over the same questions: which of them was right where (core/mcnemar.h). */
#ifndef API_ROUTES_RANK_PAIRED_H
#define API_ROUTES_RANK_PAIRED_H

#include "api/routes/rank/ranking.h"
#include "core/mcnemar.h"
#include "core/statistics.h"

/* The questions that have an accuracy under a normalisation for both models. */
struct paired_accuracy {
    size_t questions;
    struct outcomes outcomes;
    struct bootstrap_result bootstrap; /* of the difference of accuracies, b - a */
};

struct paired {
    bool has_bootstrap;
    struct paired_accuracy accuracy[NORM_COUNT];
};

/* Pair the rankings of models a and b.  False with x->error set: there are too many draws, or
 * memory or work is used up. */
bool paired_make(struct paired *paired, const struct ranking ranking[MOST_MODELS],
                 const json_t *request, struct exchange *x);

/* Write the member `paired`. */
void paired_write(struct strbuf *text, const struct paired *paired);

#endif
