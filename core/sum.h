/* sum.h - compensated sums (Neumaier 1974): the error does not grow with the number of terms.
 * A sum with an infinite term is that infinity; any other may go beyond doubles on its way. */
#ifndef CORE_SUM_H
#define CORE_SUM_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: the sum of nothing. */
struct sum {
    double value, compensation;
    bool scaled; /* both are 2^-64 of what they stand for */
};

void sum_add(struct sum *sum, double term);
double sum_result(const struct sum *sum);

/* The sum / n, n > 0: within doubles where the sum may not be. */
double sum_mean(const struct sum *sum, size_t n);

#endif
