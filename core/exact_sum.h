/* exact_sum.h - exact sums of doubles and of products of two doubles.
 *
 * The sum is a fixed-point number that is wide enough for every product of two doubles
 * (U. Kulisch, Grundlagen des numerischen Rechnens, 1976).  It is kept in 32-bit limbs, each in a
 * 64-bit integer, so that carries can wait (the small superaccumulator of R. Neal, Fast exact
 * summation using small and large superaccumulators, 2015).  Nothing is rounded before the end.  So
 * a sum has the same bits whatever the order of its terms, and however they are divided between
 * sums that are merged.
 *
 * Infinite terms are noted apart: a sum with one is that infinity, and NaN with both or with a NaN.
 *
 * Only the limbs between the first and the last one in use are ever read or written.  So an empty
 * sum needs no more than exact_sum_clear(), although its memory is large. */
#ifndef CORE_EXACT_SUM_H
#define CORE_EXACT_SUM_H

#include "core/exact_number.h"

#include <stdbool.h>
#include <stddef.h>

/* Limb 0 begins at 2^-2176, below the smallest product.  The last ends at 2^2240: room for 2^64
 * times the largest product. */
#define EXACT_LEAST (-2176)
#define EXACT_LIMBS 138

struct exact_sum {
    int first, end; /* limbs in use */
    int waits;      /* terms since carries were last propagated */
    int beyond;     /* mask of infinite and NaN terms */
    int64_t limb[EXACT_LIMBS];
};

/* Make the sum empty.  All zero is empty, too. */
void exact_sum_clear(struct exact_sum *sum);

void exact_sum_add(struct exact_sum *sum, double term);
void exact_sum_add_product(struct exact_sum *sum, double a, double b);
void exact_sum_add_square(struct exact_sum *sum, double a);

/* Many terms, or the squares of many numbers.  They wait for nothing but the sum: so compute them
 * first, a block at a time, where there are many. */
void exact_sum_add_all(struct exact_sum *sum, const double *terms, size_t count);
void exact_sum_add_squares(struct exact_sum *sum, const double *numbers, size_t count);

/* Add the rounded value of another sum.  Bits below 2^-2176 are dropped; sums have none. */
void exact_sum_add_scaled(struct exact_sum *sum, struct scaled term);

void exact_sum_merge(struct exact_sum *sum, const struct exact_sum *other);

/* Whether no term is infinite or NaN. */
bool exact_sum_is_finite(const struct exact_sum *sum);

/* The exact value of a sum that is finite. */
void exact_sum_number(const struct exact_sum *sum, struct exact_number *number);

/* The value rounded once, ties to even; an infinity or NaN as its terms say.  An empty sum is 0. */
double exact_sum_double(const struct exact_sum *sum);
struct scaled exact_sum_scaled(const struct exact_sum *sum);

#endif
