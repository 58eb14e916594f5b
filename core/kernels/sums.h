/* sums.h - a sum for each lane. */
#ifndef CORE_KERNELS_SUMS_H
#define CORE_KERNELS_SUMS_H

#include "core/kernels/blocks.h"

#include "core/dd.h"

/* Of terms from 0 to 1: as hi - ANCHOR + lo.  hi is a multiple of 2^-33, so that it takes every
 * term without rounding, and lo takes the rest of the term, which is below 2^-34.  There are at
 * most 2^20 terms. */
struct sums {
    double hi[LANES], lo[LANES];
};

#define ANCHOR 0x1.8p19

static inline void sums_add(struct sums *sums, size_t lane, double term)
{
    const double hi = sums->hi[lane] + term;

    sums->lo[lane] += term - (hi - sums->hi[lane]);
    sums->hi[lane] = hi;
}

static void sums_clear(struct sums *sums)
{
    for (size_t l = 0; l < LANES; l++) {
        sums->hi[l] = ANCHOR;
        sums->lo[l] = 0;
    }
}

static struct dd sums_lane(const struct sums *sums, size_t lane)
{
    return dd_sum(sums->hi[lane] - ANCHOR, sums->lo[lane]);
}

static void sums_set(struct sums *sums, size_t lane, struct dd value)
{
    sums->hi[lane] = ANCHOR;
    sums->lo[lane] = value.lo;
    sums_add(sums, lane, value.hi);
}

/* All lanes together.  The hi parts are multiples of 2^-33 below 2^20: their sum is exact. */
static struct dd sums_total(const struct sums *sums)
{
    double hi = 0, lo = 0;

    for (size_t l = 0; l < LANES; l++) {
        hi += sums->hi[l] - ANCHOR;
        lo += sums->lo[l];
    }
    return dd_sum(hi, lo);
}

/* Of terms of any size, as hi + lo. */
struct free_sums {
    double hi[LANES], lo[LANES];
};

static inline void free_sums_add(struct free_sums *sums, size_t lane, double term)
{
    const struct dd sum = dd_sum(sums->hi[lane], term);

    sums->lo[lane] += sum.lo;
    sums->hi[lane] = sum.hi;
}

static inline struct dd free_sums_lane(const struct free_sums *sums, size_t lane)
{
    return dd_sum(sums->hi[lane], sums->lo[lane]);
}

static inline void free_sums_set(struct free_sums *sums, size_t lane, struct dd value)
{
    sums->hi[lane] = value.hi;
    sums->lo[lane] = value.lo;
}

static struct dd free_sums_total(const struct free_sums *sums)
{
    struct dd total = dd_of(0);

    for (size_t l = 0; l < LANES; l++)
        total = dd_add(total, free_sums_lane(sums, l));
    return total;
}

#endif
