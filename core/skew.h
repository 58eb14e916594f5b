/* skew.h - the divergence of distillation, as a sum over elements.
 *
 * Let p be what the teacher gives an element and q the student, and m = beta p + (1 - beta) q:
 *
 *     beta = 0        KL(P || Q) = sum p ln(p / q)
 *     beta = 1        KL(Q || P) = sum q ln(q / p)
 *     0 < beta < 1    beta KL(P || M) + (1 - beta) KL(Q || M)
 *
 * (R. Agarwal et al., On-policy distillation of language models, 2024, equation 1; the ends are
 * those of its code, and not the limit, which is 0.)  0 ln 0 is 0, and p > 0 = q is infinite.
 *
 * With d = ln(q / p), KL(P || Q) is sum p (e^d - 1 - d) where the p and the q have one sum: every
 * term is >= 0, so nothing cancels.  Between the ends the terms are so whatever the sums are, as
 * beta (m - p) + (1 - beta) (m - q) = 0.  At the ends, where the sums differ, the terms are p ln(p
 * / q) as double-doubles.  The sum itself is exact.
 *
 * Each term that is >= 0 is within 40 u of itself (u = 2^-53), one of both signs within 2^-60. */
#ifndef CORE_SKEW_H
#define CORE_SKEW_H

#include "core/dd.h"
#include "core/exact_sum.h"

struct skew {
    double beta;  /* 0 to 1 */
    bool one_sum; /* the p and the q have one sum */
    struct exact_sum sum;
};

void skew_init(struct skew *skew, double beta, bool one_sum);

/* Add an element, by ln p and ln q; -inf stands for 0. */
void skew_add(struct skew *skew, struct dd log_p, struct dd log_q);

double skew_result(const struct skew *skew);

#endif
