/* ratio_sums.h - sums over the tokens of sequences whose tokens were drawn from one of two
 * policies.
 *
 * p and q are log-probabilities of the same tokens, and l = p - q (token_ratio.h).  Sums are exact
 * (exact_sum.h), so that they are the same bits in any order of the sequences.  Where a number is
 * not defined it is NaN: of no token, or a mean over a NaN. */
#ifndef CORE_RATIO_SUMS_H
#define CORE_RATIO_SUMS_H

#include "core/moments.h"
#include "core/token_ratio.h"

/* The log-probabilities of a sequence, with `length` entries; those count where `counts` is set. */
struct ratio_view {
    const double *p, *q;
    const bool *counts;
    size_t length;
};

struct sequence_ratio {
    size_t tokens;
    double most;       /* the largest |l| */
    double k1, k2, k3; /* means */
    struct wide sum;   /* of l */
    struct dd mean;    /* of l */
    struct dd mean_p, mean_q;
};

/* Exact sums over tokens. */
struct ratio_sums {
    size_t tokens, near;                       /* near: those with |l| < 1 */
    double most;                               /* the largest |l| */
    struct dd largest;                         /* l */
    struct exact_sum p, minus_q, k3;           /* of log p, of -log q, of k3 */
    struct exact_sum absolute, squares;        /* of |l| and l^2 */
    struct exact_sum near_less1, near_squares; /* of e^l - 1, where l is near 0 */
    struct exact_sum far_ratio, far_squares;   /* of e^l elsewhere */
    struct moments change;                     /* of |p - q| */
};

void ratio_sums_clear(struct ratio_sums *sums);

/* Add a sequence.  Its l and its |p - q| are written behind those of the tokens before. */
struct sequence_ratio ratio_sums_add(struct ratio_sums *sums, const struct ratio_view *view,
                                     double *logs, double *changes);

/* What the sums say of all their tokens as of one sequence. */
struct sequence_ratio ratio_sums_whole(const struct ratio_sums *sums);

/* The sum of l. */
void ratio_sums_logs(struct exact_sum *sum, const struct ratio_sums *sums);

/* Keep the larger of two l; NaN, where one is. */
void ratio_keep_largest(struct dd *most, struct dd l);

#endif
