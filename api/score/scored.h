/* scored.h - a sequence with its plan and its results. */
#ifndef API_SCORE_SCORED_H
#define API_SCORE_SCORED_H

#include "api/plan/plan.h"

/* An id that is asked about at a token. */
struct candidate_score {
    double log_prob;
    size_t rank; /* 1 + how many logits are greater */
};

/* The columns of a sequence, with plan.length entries each.  Entries of tokens that are not scored
 * have no meaning, but for log_prob where it is known.  NULL: not requested, or not allocated yet.
 */
struct result {
    double *log_prob;             /* nats */
    const bool *known;            /* tokens whose log_prob is known, scored or not */
    double *token_loss;           /* nats, before weights */
    unsigned char *greedy;        /* enum answer: is the token the argmax */
    size_t *rank;                 /* 1 for the argmax */
    double *number[NUMBER_COUNT]; /* numbers of its row (members/details.def) */
    struct ranked *best;  /* best_count entries for each token; `logit` is a log-probability here */
    size_t best_count;    /* min(top, V) */
    size_t width;         /* V; 0: there are no rows */
    size_t *candidate_at; /* with candidates: where the first one of each token is in ... */
    struct candidate_score *candidate; /* ... what is told of them */
    struct sequence_sums sums;
    double *further; /* log_prob at each further temperature (plan/temperature_list.h) ... */
    size_t stride;   /* ... whose columns are so many entries apart */
    struct sequence_sums *further_sums; /* at each of them; NULL: no list of temperatures */
    struct detection *detection;        /* for each objective; NULL: no measures are asked for */
};

struct windows;

struct scored {
    struct plan plan;
    struct result result;
    struct scored *whole;    /* of a window (windows.h): the sequence; else NULL */
    struct windows *windows; /* of a sequence with windows; else NULL */
};

/* Allocate the columns; those of a window are parts of those of its sequence.  `width` is V, or 0
 * without rows.  Does nothing if they exist.  False with *err set: memory is used up, or the rows
 * of windows differ in width. */
bool scored_columns(struct scored *scored, size_t width, struct arena *arena, struct error *err);

/* The first token of a window, among those of its sequence. */
size_t scored_first(const struct scored *window);

/* Make `part` the `count` tokens of `whole` from `first` on: its columns are parts of those of the
 * whole, which is borrowed.  Whoever adds a column adds it here, too. */
void scored_slice(struct scored *part, const struct scored *whole, size_t first, size_t count);

/* The sums of an objective, and whether all its tokens are the most likely ones. */
struct tally scored_tally(const struct scored *scored, enum objective_id id);
enum answer scored_greedy(const struct scored *scored, enum objective_id id);

/* Whether an objective scores a token.  The plan must have requested the objective. */
bool scored_has(const struct scored *scored, const struct objective *objective, size_t token);

#endif
