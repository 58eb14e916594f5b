/* log_sum.c - the log of a sum of probabilities. */
#include "core/log_sum.h"

#include "core/real.h"
#include "core/sum.h"

#include <math.h>

double log_sum(const double *log_probs, size_t count)
{
    struct sum others = {0};
    size_t most = 0;
    double sum;

    for (size_t i = 1; i < count; i++)
        if (log_probs[i] > log_probs[most])
            most = i;
    if (count == 0 || log_probs[most] == -HUGE_VAL)
        return -HUGE_VAL;
    for (size_t i = 0; i < count; i++)
        if (i != most)
            sum_add(&others, real_exp(log_probs[i] - log_probs[most]));
    sum = log_probs[most] + real_log1p(sum_result(&others));
    return sum < 0 ? sum : 0;
}
