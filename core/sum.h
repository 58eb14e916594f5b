/* sum.h - compensated sums (Neumaier 1974): the error does not grow with the number of terms.
 * A sum with an infinite term is that infinity. */
#ifndef CORE_SUM_H
#define CORE_SUM_H

struct sum {
    double value, compensation;
};

void sum_add(struct sum *sum, double term);
double sum_result(const struct sum *sum);

#endif
