/* row.c - a row of logits and its statistics. */
#include "core/row.h"

#include "core/real.h"

#include <math.h>

#define LOG2E_HI 0x1.71547652b82fep+0
#define LOG2E_LO 0x1.777d0ffda0d24p-56

/* Outside these temperatures, log2(e) / T, or logits 256 units of it apart, would leave the range
 * of doubles.  So logits and temperature are both multiplied by 2^100 or 2^-100. */
#define COLDEST 0x1p-1000
#define HOTTEST 0x1p+960

struct transform transform_make(double temperature, double softcap)
{
    const double unit = temperature < COLDEST ? 0x1p+100 : temperature > HOTTEST ? 0x1p-100 : 1;
    const double t = temperature * unit;
    const double hi = LOG2E_HI / t, rest = fma(-hi, t, LOG2E_HI) + LOG2E_LO;

    return (struct transform){temperature, softcap, unit, hi, rest / t};
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

double row_distance(const struct row_stats *stats, const struct transform *transform, double logit)
{
    const double distance = stats->max - logit;

    if (isinf(distance))
        return (stats->max / 2 - logit / 2) / transform->temperature * 2;
    return distance / transform->temperature;
}

double row_nll(const struct row_stats *stats, const struct transform *transform, double logit)
{
    return row_distance(stats, transform, logit) + real_log1p(stats->rest);
}

double row_lse(const struct row_stats *stats, const struct transform *transform)
{
    return stats->max / transform->temperature + real_log1p(stats->rest);
}
