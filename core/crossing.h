/* crossing.h - how well one row predicts what another one draws.
 *
 * Tokens are drawn from row a, with probabilities p, and scored by row b, with q:
 *
 *     cross-entropy   H = -sum p ln q
 *     variance        V = sum p (ln q + H)^2
 *
 * (A. Hans et al., Spotting LLMs with Binoculars, 2024; G. Bao et al., Fast-DetectGPT, 2024, whose
 * sampling model is a and whose scoring model is b.)  ln q is -(d + L) with d the distance of a
 * logit from the largest one and L common to the row, so H = sum p d + L and V is the variance of
 * d.  Distances are taken from that of a's most likely token: what is alike leaves exactly 0.
 *
 * p = 0 takes no part, and p > 0 = q makes H infinite and V not a number.  H is within 8 u of
 * itself, V within 16 u. */
#ifndef CORE_CROSSING_H
#define CORE_CROSSING_H

#include "core/exact_sum.h"
#include "core/log_row.h"

struct crossing {
    double cross_entropy, variance;
    struct dd distance; /* sum p d */
    double top;         /* the largest logit of b */
};

/* Both rows must have the same width. */
struct crossing crossing_of(const struct log_row *a, const struct log_row *b);

/* ln q of a token with that logit in b, plus H: sum p d - d.  -inf for a mask; NaN if H is
 * infinite, too. */
struct dd crossing_above(const struct crossing *crossing, const struct transform *transform,
                         double logit);

/* sum min(p, q): the chance that a token drawn from a is accepted as one of b (Y. Leviathan, M.
 * Kalman and Y. Matias, Fast inference from transformers via speculative decoding, 2023, theorem
 * 3.5).  Within 2 u. */
double crossing_acceptance(const struct log_row *a, const struct log_row *b);

/* Of several tokens x of a text: the sums of ln q(x), H, ln q(x) + H and V. */
struct crossing_sums {
    struct exact_sum log_q, cross_entropy, above, variance;
};

/* Make the sums empty. */
void crossing_sums_clear(struct crossing_sums *sums);

void crossing_sums_add(struct crossing_sums *sums, const struct crossing *crossing, double log_q,
                       struct dd above);

/* Binoculars: -sum ln q(x) / sum H.  Fast-DetectGPT: sum (ln q(x) + H) / sqrt(sum V); NaN if that
 * root is 0.  NaN stands for no number. */
double crossing_binoculars(const struct crossing_sums *sums);
double crossing_discrepancy(const struct crossing_sums *sums);

/* The sum of acceptance^j for j from 0 to `drafts`: tokens that a step makes (equation 1 there). */
double crossing_expected_tokens(double acceptance, size_t drafts);

#endif
