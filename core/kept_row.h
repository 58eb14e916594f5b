/* kept_row.h - the distribution over the tokens that a sampler keeps (core/sampling.h).
 *
 * The logits that are kept make a row of their own, with the same transform: what is known of rows
 * is known of it, and computed by the same functions. */
#ifndef CORE_KEPT_ROW_H
#define CORE_KEPT_ROW_H

#include "core/kernel.h"

/* Among what is wanted of a reduction (enum row_want): how many tokens are kept, and their mass,
 * also where no sampler drops any. */
#define ROW_KEPT (1U << 15)

/* Reduce the tokens of a row that are kept.  The statistics are theirs, but stats->argmax is an
 * index of the row.  `room` is for 2 V doubles.  False, with *fault set, if the row is not a
 * distribution. */
bool kept_row_reduce(const struct kernel *kernel, const struct row *row,
                     const struct transform *transform, const struct sampling *sampling,
                     unsigned wants, double *room, struct row_stats *stats,
                     struct row_fault *fault);

/* Write the logits of a row, with masks in place of those that are not kept. */
void kept_row_mask(const struct row_stats *stats, const struct row *row, double *logits);

#endif
