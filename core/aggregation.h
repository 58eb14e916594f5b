/* aggregation.h - how the losses of tokens become the loss of a batch (core/aggregations.def).
 *
 * Sums are exact (exact_sum.h).  A sequence without a token that counts is in no mean over
 * sequences.  To add one: add a row to the table. */
#ifndef CORE_AGGREGATION_H
#define CORE_AGGREGATION_H

#include "core/wide.h"

enum aggregation {
#define AGGREGATION(name, each, over, norm, formula, help) AGGREGATION_##name,
#include "core/aggregations.def"
    AGGREGATION_COUNT
};

bool aggregation_needs_norm(enum aggregation aggregation);

/* What was added so far.  All zero is empty. */
struct aggregate {
    struct exact_sum sum;
    size_t tokens, sequences;
};

/* Add the sum of the losses of a sequence, over `tokens` tokens that count. */
void aggregate_add(struct aggregate *aggregate, enum aggregation aggregation,
                   const struct exact_sum *losses, size_t tokens);

/* NaN of no token. */
double aggregate_value(const struct aggregate *aggregate, enum aggregation aggregation,
                       double norm);

#endif
