/* gathering.h - the columns of numbers of an objective's tokens, and what is made of them. */
#ifndef API_ROUTES_COMPARE_GATHERING_H
#define API_ROUTES_COMPARE_GATHERING_H

#include "api/routes/compare/pair.h"

struct gathering {
    size_t tokens;
    size_t same_top;
    double *log_prob[2];
    double *distance[DISTANCE_COUNT]; /* NULL: no pair measures it */
    size_t count[DISTANCE_COUNT];     /* number of tokens that have each */
    struct moments change;            /* of DISTANCE_DELTA_P, before it is rounded */
    struct crossing_sums crossing;
    size_t drafts;     /* that pairs ask for ... */
    bool other_drafts; /* ... or whether they do not ask for the same */
};

/* Make room for the tokens of pairs, at most `tokens`.  False: memory is used up. */
bool gathering_make(struct gathering *gathering, const struct pair *pairs, size_t count,
                    size_t tokens, struct arena *arena);

/* Compare the tokens of those pairs that have an objective.  False: memory is used up. */
bool gathering_contrast(struct gathering *gathering, const struct pair *pairs, size_t count,
                        enum objective_id id, struct contrast *contrast, struct arena *arena);

/* Set the percentiles of the contrast that was made last.  Sorts the columns. */
void gathering_percentiles(const struct gathering *gathering, struct contrast *contrast);

#endif
