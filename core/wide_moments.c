/* wide_moments.c - the mean and the variance of -log p in wide numbers. */
#include "core/wide_moments.h"

#include "core/wide_real.h"

#define BLOCK ((size_t)128)

/* A gap near 0 has its digits in units of logits, and one beyond doubles in larger ones. */
struct wide wide_distance(const struct reference *max, double logit)
{
    const struct transform *transform = max->transform;
    int far = -transform->exponent;
    struct dd gap = reference_gap(max, logit, far);

    if (!isfinite(gap.hi)) {
        far += 2;
        gap = reference_gap(max, logit, far);
    }
    return wide_over(wide_make(gap, far), wide_of(transform->temperature * transform->unit));
}

/* The sums of exp(-d), and of that times (d - centre)^power. */
struct moment {
    struct reference max;
    struct wide centre;
    bool squared;
    struct wide weight, sum;
};

static void moment_add(struct moment *moment, double logit)
{
    const struct wide d = wide_distance(&moment->max, logit);
    const struct wide weight = wide_exp_of(wide_neg(d));
    const struct wide apart = wide_minus(d, moment->centre);

    moment->weight = wide_plus(moment->weight, weight);
    moment->sum =
        wide_plus(moment->sum, wide_times(weight, moment->squared ? wide_square(apart) : apart));
}

/* The moment about a centre, of all logits that are no masks. */
static struct wide moment_of(struct moment *moment, const struct row *row)
{
    const char *data = row->data;
    double block[BLOCK];

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t left = row->width - start, count = left < BLOCK ? left : BLOCK;

        dtype_widen(row->dtype, data + start * dtype_size(row->dtype), count, block);
        for (size_t i = 0; i < count; i++)
            if (block[i] != -HUGE_VAL)
                moment_add(moment, block[i]);
    }
    return wide_over(moment->sum, moment->weight);
}

struct wide_moments wide_moments_of(const struct row *row, const struct transform *transform,
                                    const struct row_stats *stats)
{
    const struct reference max = reference_make(transform, stats->max);
    struct moment first = {.max = max};
    struct moment second = {.max = max, .squared = true};
    struct wide_moments moments;

    moments.mean = moment_of(&first, row);
    second.centre = moments.mean;
    moments.variance = moment_of(&second, row);
    return moments;
}
