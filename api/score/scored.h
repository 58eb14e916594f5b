/* scored.h - a sequence: what is asked of it, and what came out. */
#ifndef API_SCORE_SCORED_H
#define API_SCORE_SCORED_H

#include "api/plan/plan.h"

/* A column each of plan.length entries; NULL where not asked for, or not made yet. */
struct result {
    double *log_prob;
    double *token_loss; /* before weights */
    unsigned char *greedy;
    size_t *rank;
    double *entropy;
    struct ranked *best; /* length * top; their logit is a log-prob here */
    size_t best_count;   /* min(top, V) */
    struct objective_value value[OBJECTIVE_COUNT];
};

struct scored {
    struct plan plan;
    struct result result;
};

/* Make the columns, once V is known; does nothing the second time. */
bool scored_columns(struct scored *scored, size_t width, struct arena *arena, struct error *err);

/* Whether an objective scores a token. */
bool scored_has(const struct scored *scored, const struct objective *objective, size_t token);

#endif
