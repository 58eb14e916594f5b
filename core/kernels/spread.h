/* spread.h - the sum of the distances of a row, for label smoothing. */
#ifndef CORE_KERNELS_SPREAD_H
#define CORE_KERNELS_SPREAD_H

#include "core/kernels/blocks.h"

/* Sums of gaps (reference_gap()) are within doubles with one of these. */
#define FAR 64
#define FARTHEST 1100

struct spread {
    const struct row *row;
    struct reference max;
    int far;
    double half, other; /* half * other is unit 2^-far, which may be beyond doubles itself */
    double hi[LANES], lo[LANES];
};

static double row_min(const struct row *row)
{
    double block[BLOCK], min = HUGE_VAL;

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        for (size_t i = 0; i < count; i++)
            min = block[i] < min ? block[i] : min;
    }
    return min;
}

static void spread_add(struct spread *spread, size_t lane, struct dd gap)
{
    const struct dd sum = dd_sum(spread->hi[lane], gap.hi);

    spread->hi[lane] = sum.hi;
    spread->lo[lane] += sum.lo + gap.lo;
}

/* What reference_gap() is without a softcap, but for what is lost beyond doubles. */
static void spread_add_block(struct spread *spread, const double *block)
{
    const double max = spread->max.logit * spread->half * spread->other;

    for (size_t i = 0; i < BLOCK; i++)
        spread_add(spread, i % LANES, dd_sum(max, -(block[i] * spread->half * spread->other)));
}

static void spread_add_softcapped(struct spread *spread, const double *block)
{
    for (size_t i = 0; i < BLOCK; i++)
        spread_add(spread, i % LANES, reference_gap(&spread->max, block[i], spread->far));
}

/* Add all logits but the first that equals `left_out`. */
static void spread_add_row(struct spread *spread, double left_out)
{
    const struct row *row = spread->row;
    bool found = false;
    double block[BLOCK];

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        for (size_t i = 0; i < count && !found; i++) {
            found = block[i] == left_out;
            block[i] = found ? spread->max.logit : block[i];
        }
        for (size_t i = count; i < BLOCK; i++)
            block[i] = spread->max.logit;
        if (spread->max.transform->softcap > 0)
            spread_add_softcapped(spread, block);
        else
            spread_add_block(spread, block);
    }
}

static struct dd spread_total(const struct spread *spread)
{
    struct dd total = dd_of(0);

    for (size_t l = 0; l < LANES; l++)
        total = dd_add(total, dd_sum(spread->hi[l], spread->lo[l]));
    return total;
}

static void spread_sum(const struct row *row, const struct reference *max, int far,
                       struct row_stats *stats)
{
    const int exponent = -max->transform->exponent - far;
    struct spread spread = {.row = row,
                            .max = *max,
                            .far = far,
                            .half = ldexp(1, exponent / 2),
                            .other = ldexp(1, exponent - exponent / 2)};

    spread_add_row(&spread, stats->min);
    stats->spread = spread_total(&spread);
    stats->far = far;
}

/* Set the fields of ROW_SPREAD. */
static void spread_set(const struct row *row, const struct transform *transform,
                       struct row_stats *stats)
{
    const struct reference max = reference_make(transform, stats->max);
    double most;

    stats->min = row_min(row);
    stats->spread = dd_of(HUGE_VAL);
    if (stats->min == -HUGE_VAL)
        return;
    spread_sum(row, &max, FAR, stats);
    most = stats->spread.hi + reference_gap(&max, stats->min, FAR).hi;
    if (!isfinite(4 * most))
        spread_sum(row, &max, FARTHEST, stats);
}

#endif
