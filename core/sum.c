/* sum.c - compensated sums: A. Neumaier, ZAMM 54 (1974), the variant that survives terms larger
 * than the sum so far. */
#include "core/sum.h"

#include <math.h>

#define SCALE 0x1p-64

/* Scale the sum before it overflows: then there is room for 2^64 times as much. */
static void rescale(struct sum *sum)
{
    sum->value *= SCALE;
    sum->compensation *= SCALE;
    sum->scaled = true;
}

void sum_add(struct sum *sum, double term)
{
    double total;

    if (!sum->scaled && isinf(sum->value + term) && isfinite(sum->value) && isfinite(term))
        rescale(sum);
    if (sum->scaled)
        term *= SCALE;
    total = sum->value + term;
    if (!isinf(total))
        sum->compensation += fabs(sum->value) >= fabs(term) ? (sum->value - total) + term
                                                            : (term - total) + sum->value;
    sum->value = total;
}

static double sum_kept(const struct sum *sum)
{
    return isinf(sum->value) ? sum->value : sum->value + sum->compensation;
}

double sum_result(const struct sum *sum)
{
    return sum->scaled ? sum_kept(sum) / SCALE : sum_kept(sum);
}
