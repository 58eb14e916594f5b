/* sum.h - compensated sums (Neumaier 1974): the error does not grow with the number of terms.
 * A sum with an infinite term is that infinity.  Partial sums may exceed the range of doubles. */
#ifndef CORE_SUM_H
#define CORE_SUM_H

#include <stdbool.h>

/* All zero is the empty sum. */
struct sum {
    double value, compensation;
    bool scaled; /* both fields are multiplied by 2^-64 */
};

void sum_add(struct sum *sum, double term);
double sum_result(const struct sum *sum);

#endif
