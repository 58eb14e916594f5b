/* duel.h - compares two models over all sequences of a request. */
#ifndef API_ROUTES_COMPARE_DUEL_H
#define API_ROUTES_COMPARE_DUEL_H

#include "api/exchange/api.h"
#include "api/routes/compare/pair.h"

/* The sequences that have an objective; each is a document. */
struct documents {
    size_t count;
    struct figure mean, mean_error; /* of the difference b - a of a sequence, in nats */
    struct figure token_error; /* of the mean difference of a token, with documents as the sample */
    struct figure wins;        /* share of sequences in which b is above a; a tie counts half */
};

/* The comparison of a request. */
struct duel {
    const struct scores *scores;
    struct pair *pairs;
    size_t count;                           /* number of pairs */
    struct contrast total[OBJECTIVE_COUNT]; /* over all sequences */
    struct documents documents[OBJECTIVE_COUNT];
};

/* Compare the models of a scored request.  False with x->error set. */
bool duel_make(struct duel *duel, const struct scores *scores, struct exchange *x);

#endif
