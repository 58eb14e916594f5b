/* log_sum.c - the log of a sum of probabilities. */
#include "core/log_sum.h"

#include "core/dd_real.h"

double log_sum(const double *log_probs, size_t count)
{
    struct dd others = {0, 0}, sum;
    size_t most = 0;

    for (size_t i = 1; i < count; i++)
        if (log_probs[i] > log_probs[most])
            most = i;
    if (count == 0 || log_probs[most] == -HUGE_VAL)
        return -HUGE_VAL;
    for (size_t i = 0; i < count; i++)
        if (i != most && log_probs[i] > -HUGE_VAL)
            others = dd_add(others, dd_exp(dd_sum(log_probs[i], -log_probs[most])));
    sum = dd_add_double(dd_log1p(others), log_probs[most]);
    return sum.hi < 0 ? sum.hi : 0;
}
