/* wide_moments.h - the mean and the variance of -log p, where doubles cannot hold what they are
 * sums of.
 *
 * All is wide numbers, two passes over the row, within 2^-60 of the exact result.  A variance is
 * exactly 0 if all logits that are no masks are equal. */
#ifndef CORE_WIDE_MOMENTS_H
#define CORE_WIDE_MOMENTS_H

#include "core/row.h"
#include "core/wide.h"

/* The distance of a logit that is no mask (core/row.h), with all its digits wherever it lies. */
struct wide wide_distance(const struct reference *max, double logit);

struct wide_moments {
    struct wide mean;     /* sum p d */
    struct wide variance; /* sum p (d - mean)^2 */
};

/* Of a row whose winner is known. */
struct wide_moments wide_moments_of(const struct row *row, const struct transform *transform,
                                    const struct row_stats *stats);

#endif
