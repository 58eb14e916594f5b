/* objective_value.h - the value of an objective: of a sequence, and in sums over sequences.
 *
 * All sums are exact and rounded once (exact_sum.h), each segment for itself.  So totals have the
 * same bits whatever the order of the sequences, and however they are cut into sums that are
 * merged. */
#ifndef CORE_OBJECTIVE_VALUE_H
#define CORE_OBJECTIVE_VALUE_H

#include "core/exact_sum.h"
#include "core/objective.h"

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/* The tokens of one sequence, as arrays of `length` entries. */
struct sequence {
    size_t length;                /* T */
    const unsigned char *segment; /* enum segment */
    const bool *scored;           /* whether there is a log_prob */
    const double *log_prob;       /* nats, <= 0, -inf allowed */
    const double *loss;           /* the token's loss before its weight, +inf allowed; NULL, without
                                     weights: minus its log_prob */
    const unsigned char *greedy;  /* enum answer: whether the token is the argmax */
    const double *weight;         /* >= 0, finite; NULL for all 1 */
};

/* Sums over tokens; they may lie beyond doubles. */
struct tally {
    struct scaled log_prob; /* sum of log-probabilities */
    struct scaled loss_sum; /* sum of weight * loss; a weight of 0 adds 0, also times infinity */
    struct scaled weight;   /* sum of weights */
    size_t tokens;
};

/* The sums of one sequence. */
struct sequence_sums {
    struct tally part[SEGMENT_COUNT];     /* over the scored tokens of each segment */
    unsigned char answers[SEGMENT_COUNT]; /* mask of 1 << enum answer: those of its tokens */
};

void sequence_sum(const struct sequence *sequence, struct sequence_sums *sums);

/* The sums of an objective: prompt + completion, or whole if there is no split.  So joint is
 * marginal + conditional bit for bit. */
struct tally objective_tally(const struct objective *objective, const struct sequence_sums *sums);

/* Whether every token is the argmax: no as soon as one is known not to be; unknown if there is no
 * token. */
enum answer objective_greedy(const struct objective *objective, const struct sequence_sums *sums);

/* Means.  False if no token is selected (or, for the loss, if the weight is 0 or infinite).  Within
 * u, 1.1 u and 3 u of the exact function of these sums, u = 2^-53. */
bool tally_loss(const struct tally *tally, double *loss);             /* loss_sum / weight */
bool tally_perplexity(const struct tally *tally, double *perplexity); /* exp(-log_prob / tokens) */
bool tally_bits(const struct tally *tally, double *bits); /* -log_prob / tokens / ln 2 */

/* The sums of an objective over sequences. */
struct totals {
    size_t sequences; /* number of sequences with the objective */
    size_t known;     /* ... whose greedy is known */
    size_t greedy;    /* ... whose greedy is yes */
    struct sum_tally {
        struct exact_sum log_prob, loss_sum, weight;
        size_t tokens;
    } part[SEGMENT_COUNT];
};

/* Their value. */
struct total {
    size_t sequences, known, greedy;
    struct tally tally;
};

void totals_clear(struct totals *totals); /* all zero is empty, too */
void totals_add(struct totals *totals, const struct objective *objective,
                const struct sequence_sums *sums);
struct total totals_value(const struct totals *totals);

/* The same of one sequence alone. */
struct total total_of_one(const struct objective *objective, const struct sequence_sums *sums);

bool total_greedy(const struct total *total, double *share); /* false if none is known */

#endif
