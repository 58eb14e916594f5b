/* token_ratio.h - the ratio of the probabilities that two policies give one token.
 *
 *     l = log p - log q
 *     k1 = -l,  k2 = l^2 / 2,  k3 = e^l - 1 - l
 *
 * Of a token that was drawn from q, these three estimate KL(q || p) (J. Schulman, Approximating KL
 * divergence, 2020).  l is exact as two doubles; it is infinite if one probability is 0, and NaN if
 * both are: then there is no number. */
#ifndef CORE_TOKEN_RATIO_H
#define CORE_TOKEN_RATIO_H

#include "core/wide.h"

struct token_ratio {
    struct dd log; /* l */
    double ratio;  /* e^l, also infinite or 0 beyond doubles */
    double less1;  /* e^l - 1 */
};

/* From log-probabilities, which are <= 0.  `ratio` is within 5 u, `less1` within 3 u, u = 2^-53. */
struct token_ratio token_ratio_of(double log_p, double log_q);

/* Of many tokens: faster, as no token waits for another. */
void token_ratios_of(struct token_ratio *ratios, const double *log_p, const double *log_q,
                     size_t count);

/* l alone. */
struct dd token_log_ratio(double log_p, double log_q);

/* e^x alone. */
double token_ratio_exp(struct dd x);

/* Within 12 u, also near l = 0, where it is l^2/2 (1 + l/3 (1 + l/4 (...))). */
struct wide token_ratio_k3(const struct token_ratio *ratio);
void token_ratios_k3(struct wide *k3, const struct token_ratio *ratios, size_t count);

/* |p - q|, within 5 u. */
double token_ratio_change(const struct token_ratio *ratio, double log_p, double log_q);

#endif
