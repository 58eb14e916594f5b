/* variation.h - sums about a centre, for the second moments of a row.
 *
 * The centre a is one of the logits, near the second largest, or the mean of all but the winner.
 * x - a is exact where both are near.  So what varies little has all digits, and a row whose logits
 * are all equal has sums that are exactly 0. */
#ifndef CORE_KERNELS_VARIATION_H
#define CORE_KERNELS_VARIATION_H

#include "core/kernels/sums.h"

#include <float.h>

/* Over all logits so far but the winner, with e = 2^(x L - N).  A logit at the floor adds 0 to the
 * first two, and a mask to all. */
struct variation {
    double centre;           /* a */
    struct free_sums first;  /* of e (x - a) */
    struct free_sums square; /* of e (x - a)^2 */
    struct free_sums apart;  /* of x - a */
    struct sums collision;   /* of e^2 */
    size_t count;            /* of logits that are no masks */
};

static void variation_clear(struct variation *variation)
{
    *variation = (struct variation){0};
    sums_clear(&variation->collision);
}

/* x - a, or 0 for a logit below `least`. */
static inline double variation_apart(double x, double least, double centre)
{
    return x >= least ? x - centre : 0;
}

/* Add one logit, to lane 0. */
static void variation_add(struct variation *variation, double x, double floor, double e)
{
    const double t = variation_apart(x, floor, variation->centre);

    free_sums_add(&variation->first, 0, e * t);
    free_sums_add(&variation->square, 0, e * t * t);
    free_sums_add(&variation->apart, 0, variation_apart(x, -DBL_MAX, variation->centre));
    sums_add(&variation->collision, 0, e * e);
    variation->count += x > -HUGE_VAL;
}

/* Of one lane, whose terms have this sum: with d = b - a, the sums about b are those of e (t - d)
 * and e (t - d)^2. */
static void variation_move_lane(struct variation *variation, size_t lane, struct dd term,
                                struct dd d)
{
    const struct dd first = free_sums_lane(&variation->first, lane);
    const struct dd moved = dd_sub(first, dd_mul(d, term));
    const struct dd both = dd_mul(d, dd_add(first, moved));

    free_sums_set(&variation->first, lane, moved);
    free_sums_set(&variation->square, lane, dd_sub(free_sums_lane(&variation->square, lane), both));
}

static void variation_scale_lane(struct variation *variation, size_t lane, double factor)
{
    const struct dd first = free_sums_lane(&variation->first, lane);
    const struct dd square = free_sums_lane(&variation->square, lane);
    const struct dd collision = sums_lane(&variation->collision, lane);
    const double both = factor * factor;

    free_sums_set(&variation->first, lane, (struct dd){first.hi * factor, first.lo * factor});
    free_sums_set(&variation->square, lane, (struct dd){square.hi * factor, square.lo * factor});
    sums_set(&variation->collision, lane, (struct dd){collision.hi * both, collision.lo * both});
}

/* Convert the sums to the centre b >= a, and terms by `factor`, which is 0 if none is left. Nothing
 * cancels: hardly a logit exceeds its centre. */
static void variation_move(struct variation *variation, const struct sums *terms, double centre,
                           double factor)
{
    const struct dd d = dd_sum(centre, -variation->centre);
    const struct dd all = dd_mul_double(d, -(double)variation->count);

    for (size_t l = 0; l < LANES; l++) {
        if (factor > 0)
            variation_move_lane(variation, l, sums_lane(terms, l), d);
        variation_scale_lane(variation, l, factor);
    }
    free_sums_set(&variation->apart, 0, dd_add(free_sums_lane(&variation->apart, 0), all));
    variation->centre = centre;
}

#endif
