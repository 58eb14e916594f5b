/* row.c - a row of logits and its statistics. */
#include "core/row.h"

#include "core/real.h"

#include <string.h>

#define LOG2E_HI 0x1.71547652b82fep+0
#define LOG2E_LO 0x1.777d0ffda0d24p-56

/* Outside these temperatures, log2(e) / T, or logits 256 units of it apart, would leave the range
 * of doubles. */
#define COLDEST 0x1p-900
#define HOTTEST 0x1p+900

/* The e of 2^(e - 1) <= x < 2^e; x is normal. */
static int exponent_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> 52) - 1022;
}

struct transform transform_make(double temperature, double softcap)
{
    const struct dd log2e = {LOG2E_HI, LOG2E_LO};
    const bool scaled = softcap > 0 || temperature < COLDEST || temperature > HOTTEST;
    const int exponent = exponent_of(temperature);
    const double unit = ldexp(1, -exponent);

    return (struct transform){
        temperature, softcap, exponent,
        unit,        scaled,  dd_div_double(log2e, scaled ? temperature * unit : temperature)};
}

double row_logit(const struct row *row, size_t token)
{
    const char *data = row->data;
    double logit;

    dtype_widen(row->dtype, data + token * dtype_size(row->dtype), 1, &logit);
    return logit;
}

struct reference reference_make(const struct transform *transform, double logit)
{
    return (struct reference){transform, logit, softcap_of(transform->softcap, logit)};
}

/* a - b, times 2^exponent, also if a - b is beyond doubles. */
static struct dd difference(double a, double b, int exponent)
{
    const struct dd exact = dd_sum(a, -b);

    return isfinite(exact.hi) ? dd_scale(exact, exponent)
                              : dd_scale(dd_sum(a / 2, -b / 2), exponent + 1);
}

struct dd reference_gap(const struct reference *reference, double x, int far)
{
    const struct transform *transform = reference->transform;
    const int down = transform->exponent + far;
    struct capped capped;
    struct capped_gap gap;

    if (transform->softcap == 0)
        return difference(reference->logit, x, -down);
    capped = softcap_of(transform->softcap, x);
    gap = softcap_gap(transform->softcap, &reference->capped, &capped);
    return dd_scale(capped_gap_whole(&gap), gap.exponent - down);
}

struct dd reference_distance(const struct reference *reference, double x)
{
    const struct dd gap = reference_gap(reference, x, 0);
    const double t = reference->transform->temperature * reference->transform->unit;

    return isfinite(gap.hi / t) ? dd_div_double(gap, t) : dd_of(gap.hi / t);
}

/* (softcap(a) - softcap(b)) / T. */
static struct dd apart(const struct transform *transform, double a, double b)
{
    const struct reference reference = reference_make(transform, a);

    return reference_distance(&reference, b);
}

struct dd row_distance(const struct row_stats *stats, const struct transform *transform,
                       double logit)
{
    return logit == -HUGE_VAL ? dd_of(HUGE_VAL) : apart(transform, stats->max, logit);
}

double row_nll(const struct row_stats *stats, const struct transform *transform, double logit)
{
    const struct dd distance = row_distance(stats, transform, logit);

    if (row_drops(stats, logit))
        return HUGE_VAL;
    return isinf(distance.hi) ? distance.hi : dd_add(distance, stats->log_sum).hi;
}

struct dd row_lse(const struct row_stats *stats, const struct transform *transform)
{
    const struct dd top = apart(transform, stats->max, 0);

    return isinf(top.hi) ? top : dd_add(top, stats->log_sum);
}
