/* row_numbers.c - the numbers that details and measures take from a reduced row. */
#include "api/score/row_numbers.h"

#include "core/kept_row.h"
#include "core/wide_moments.h"
#include "core/wide_real.h"

#include <math.h>

static const unsigned wants[NUMBER_COUNT] = {
#define NUMBER(name, mask, routes, formula, help) [NUMBER_##name] = (mask),
#include "api/members/details.def"
    [NUMBER_excess] = ROW_VARIANCE,
    [NUMBER_deviation] = ROW_VARIANCE,
    [NUMBER_kept] = ROW_KEPT,
    [NUMBER_mass] = ROW_KEPT,
};

unsigned row_numbers_want(unsigned details)
{
    unsigned mask = 0;

    for (enum number number = 0; number < NUMBER_COUNT; number++)
        mask |= details & DETAIL_NUMBER(number) ? wants[number] : 0;
    return mask;
}

/* The root of |e|, with the sign of e: log p less its mean under p, sum p log p. */
static double excess_root(const struct row_stats *stats, const struct transform *transform,
                          double logit)
{
    const struct reference max = reference_make(transform, stats->max);
    struct scaled excess;

    if (logit == -HUGE_VAL || row_drops(stats, logit))
        return -HUGE_VAL;
    excess = wide_scaled(
        wide_minus(wide_make(stats->mean, (int)stats->mean_exponent), wide_distance(&max, logit)));
    return copysign(
        scaled_double(scaled_root((struct scaled){fabs(excess.value), excess.exponent})),
        excess.value);
}

double row_number(enum number number, const struct row_stats *stats,
                  const struct transform *transform, double logit)
{
    switch (number) {
    case NUMBER_entropy:
        return stats->entropy;
    case NUMBER_variance:
        return stats->variance;
    case NUMBER_collision:
        return stats->collision;
    case NUMBER_margin:
        return row_distance(stats, transform, stats->second).hi;
    case NUMBER_mean_log_prob:
        return stats->mean_log_prob;
    case NUMBER_excess:
        return excess_root(stats, transform, logit);
    case NUMBER_deviation:
        return stats->deviation;
    case NUMBER_kept:
        return (double)stats->kept;
    case NUMBER_mass:
        return stats->mass;
    case NUMBER_COUNT:
        break;
    }
    return 0;
}
