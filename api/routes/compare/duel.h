/* duel.h - two models over all sequences of a request. */
#ifndef API_ROUTES_COMPARE_DUEL_H
#define API_ROUTES_COMPARE_DUEL_H

#include "api/exchange/api.h"
#include "api/routes/compare/pair.h"

/* The sequences of an objective, each a document. */
struct documents {
    size_t count;
    struct figure mean, mean_error; /* of the difference of a sequence */
    struct figure token_error;      /* of the mean difference of a token, over documents */
    struct figure wins;             /* share of sequences with b > a; ties count half */
};

struct duel {
    const struct scores *scores;
    struct pair *pairs;
    size_t count;
    struct contrast total[OBJECTIVE_COUNT];
    struct documents documents[OBJECTIVE_COUNT];
};

/* Compare models that were scored. */
bool duel_make(struct duel *duel, const struct scores *scores, struct exchange *x);

#endif
