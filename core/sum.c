/* sum.c - compensated sums: A. Neumaier, ZAMM 54 (1974), the variant that survives terms larger
 * than the sum so far. */
#include "core/sum.h"

#include <math.h>

void sum_add(struct sum *sum, double term)
{
    const double total = sum->value + term;

    if (!isinf(total))
        sum->compensation += fabs(sum->value) >= fabs(term) ? (sum->value - total) + term
                                                            : (term - total) + sum->value;
    sum->value = total;
}

double sum_result(const struct sum *sum)
{
    return isinf(sum->value) ? sum->value : sum->value + sum->compensation;
}
