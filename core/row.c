/* row.c - what is known of a row of logits. */
#include "core/row.h"

#include "core/real.h"

#include <math.h>

#define LOG2E_HI 0x1.71547652b82fep+0
#define LOG2E_LO 0x1.777d0ffda0d24p-56

/* Beyond these a temperature tells no logits apart that it did not before: the factor log2(e) / T
 * of the exponents stops there, so that it neither overflows nor underflows. */
#define COLDEST 0x1p-1000
#define HOTTEST 0x1p+1000

struct transform transform_make(double temperature, double softcap)
{
    const double t = temperature < COLDEST   ? COLDEST
                     : temperature > HOTTEST ? HOTTEST
                                             : temperature;
    const double hi = LOG2E_HI / t, rest = fma(-hi, t, LOG2E_HI) + LOG2E_LO;

    return (struct transform){temperature, softcap, hi, rest / t};
}

double row_logit(const struct row *row, const struct transform *transform, size_t token)
{
    const char *data = row->data;
    double logit;

    dtype_widen(row->dtype, data + token * dtype_size(row->dtype), 1, &logit);
    if (transform->softcap > 0 && logit != -HUGE_VAL)
        return transform->softcap * real_tanh(logit / transform->softcap);
    return logit;
}

double row_nll(const struct row_stats *stats, const struct transform *transform, double logit)
{
    return (stats->max - logit) / transform->temperature + real_log1p(stats->rest);
}

double row_lse(const struct row_stats *stats, const struct transform *transform)
{
    return stats->max / transform->temperature + real_log1p(stats->rest);
}
