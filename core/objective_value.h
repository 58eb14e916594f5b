/* objective_value.h - the value of an objective: of a sequence, and in sums over sequences. */
#ifndef CORE_OBJECTIVE_VALUE_H
#define CORE_OBJECTIVE_VALUE_H

#include "core/objective.h"
#include "core/sum.h"

#include <stddef.h>

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/* The tokens of one sequence, as arrays of `length` entries. */
struct sequence {
    size_t length;                /* T */
    const unsigned char *segment; /* enum segment */
    const bool *scored;           /* whether there is a log_prob */
    const double *log_prob;       /* nats, <= 0, -inf allowed */
    const double *loss;           /* the token's loss before its weight, +inf allowed */
    const unsigned char *greedy;  /* enum answer: whether the token is the argmax */
    const double *weight;         /* >= 0; NULL for all 1 */
    bool split;                   /* segments are prompt and completion, not whole */
};

/* Sums over the tokens of one segment. */
struct tally {
    double log_prob; /* sum of log-probabilities */
    double loss_sum; /* sum of weight * loss */
    double weight;   /* sum of weights */
    size_t tokens;
};

/* The value of one objective.  Each segment has a sum of its own, so that joint is marginal +
 * conditional bit for bit, in a sequence and in totals. */
struct objective_value {
    struct tally part[SEGMENT_COUNT];
    enum answer greedy; /* whether every token is the argmax: no as soon as one is known not to be;
                           unknown if there is no token */
};

/* Compute the value: compensated sums over the scored tokens of the selected segments. */
void objective_run(const struct objective *objective, const struct sequence *sequence,
                   struct objective_value *value);

/* The sums of the answer: prompt + completion, or whole if there is no split. */
struct tally objective_tally(const struct objective_value *value);

/* Means.  False if no token is selected (or, for the loss, if the weight is 0 or infinite). */
bool tally_loss(const struct tally *tally, double *loss);             /* loss_sum / weight */
bool tally_perplexity(const struct tally *tally, double *perplexity); /* exp(-log_prob / tokens) */
bool tally_bits(const struct tally *tally, double *bits); /* -log_prob / tokens / ln 2 */

/* Sums over sequences. */
struct totals {
    size_t sequences; /* number of sequences with the objective */
    size_t known;     /* ... whose greedy is known */
    size_t greedy;    /* ... whose greedy is yes */
    struct sum_tally {
        struct sum log_prob, loss_sum, weight;
        size_t tokens;
    } part[SEGMENT_COUNT];
};

void totals_add(struct totals *totals, const struct objective_value *value);
struct tally totals_tally(const struct totals *totals);
bool totals_greedy(const struct totals *totals, double *share); /* false if none is known */

#endif
