/* divergence.h - divergences of two distributions over one vocabulary.
 *
 * Let p and q be the probabilities in rows a and b, and r = ln(q / p).  Sums are over the
 * vocabulary:
 *
 *     KL(a || b) = sum p ln(p / q) = sum p (e^r - 1 - r)          since sum (q - p) = 0
 *     KL(b || a) = sum q ln(q / p) = sum p (r e^r - (e^r - 1))
 *     JSD        = KL(a || m) / 2 + KL(b || m) / 2,  m = (p + q) / 2
 *                = sum m phi(t),  t = (q - p) / (q + p),
 *                  phi(t) = ((1 + t) ln(1 + t) + (1 - t) ln(1 - t)) / 2
 *     TV         = sum |p - q| / 2
 *
 * Every term is >= 0, so nothing cancels however close the rows are, and no divergence is negative.
 * If p is 0 (a masked logit), the term of KL(a || b) is q.  If only q is 0, KL(a || b) is +inf.
 * Units are nats; JSD <= ln 2, TV <= 1.  docs/numerics.md has the error bound. */
#ifndef CORE_DIVERGENCE_H
#define CORE_DIVERGENCE_H

#include "core/kernel.h"

#include <stdbool.h>

/* A row that was reduced. */
struct side {
    const struct row *row;
    const struct transform *transform;
    const struct row_stats *stats;
};

struct divergence {
    double kl_ab, kl_ba, jsd, total_variation;
    bool same_top; /* the same argmax */
};

/* Both rows must have the same width.  The kernel speeds up rows of one temperature without a
 * softcap; without one (NULL) each token is taken alone, which gives the same bits. */
struct divergence divergence_of(const struct kernel *kernel, const struct side *a,
                                const struct side *b);

#endif
