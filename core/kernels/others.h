/* others.h - how the tokens other than the winner are distributed; from that, second moments.
 *
 * Of all tokens but the winner, R is the sum of exp(-d), D the mean of d weighed by exp(-d), and V
 * the variance around it.  With the winner, whose d is 0,
 *
 *     sum p d                         = R / (1 + R) D
 *     sum p (log p + H)^2             = R / (1 + R) (V + D^2 / (1 + R))
 *     mean of log p over k unmasked   = -(log1p(R) + sum d / k)
 *     sum p^2                         = (1 + R^2 C / S^2) / (1 + R)^2
 *
 * S and C being the sums of e and e^2 of reduction.h.  All terms are >= 0, so nothing cancels.
 *
 * V is the mean square around the centre of variation.h, less the square of the distance from it to
 * D.  If that is too much of what is left, the row is read again with D as the centre.  Rows that
 * the sums of lanes are too coarse for are read in double-doubles, one logit at a time, and those
 * that hardly vary then in wide numbers. */
#ifndef CORE_KERNELS_OTHERS_H
#define CORE_KERNELS_OTHERS_H

#include "core/dd_real.h"
#include "core/kernels/reduction.h"
#include "core/kernels/spread.h"
#include "core/wide_moments.h"
#include "core/wide_real.h"

#define TOO_FAR 32.0        /* the square of the centre's distance, in units of what is left */
#define TOO_LITTLE 0x1p-160 /* of nats squared: logits at the floor might matter */
#define TOO_RARE 0x1p-930   /* R has not all its bits */
#define TOO_SLIGHT 0x1p-900 /* of nats squared: terms that are below doubles might matter */
#define WIDE_PASSES 6       /* what those of wide_moments.h take, in passes in double-doubles */
#define NEVER 2000.0        /* exp of minus this is 0, times any square */
#define NEARLY 0x1p+400     /* a temperature beyond this, or its inverse, is for double-doubles */

/* A pass over the row of a reduction, which is set. */
typedef void again_f(struct reduction *reduction);

struct others {
    struct dd rest; /* R 2^-exponent */
    int exponent;
    struct dd mean, variance; /* D, V */
    struct dd sum;            /* of the d of those that are no masks, times 2^-far */
    int far;
    size_t count; /* of these */
};

/* ---- one logit at a time ---- */

/* A sum as hi + lo. */
static void others_add(struct dd *sum, double term)
{
    const struct dd more = dd_sum(sum->hi, term);

    *sum = (struct dd){more.hi, sum->lo + more.lo};
}

/* What a pass needs: the largest logit, the distance of the second largest, and a centre; and what
 * it makes: sums of w = exp(near - d), w (d - centre) and w (d - centre)^2. */
struct careful {
    struct reference max;
    struct dd near, centre;
    struct dd weight, first, square;
};

static void careful_add(struct careful *careful, double logit, struct others *others)
{
    const struct transform *transform = careful->max.transform;
    const double t = transform->temperature * transform->unit;
    const struct dd gap = reference_gap(&careful->max, logit, others->far);
    const struct dd down = dd_div_double(gap, t), d = dd_scale(down, others->far);
    double w, c;

    others_add(&others->sum, isfinite(gap.hi) ? down.hi : HUGE_VAL);
    others->count++;
    if (!(d.hi - careful->near.hi < NEVER))
        return;
    w = dd_exp(dd_sub(careful->near, d)).hi;
    c = dd_sub(d, careful->centre).hi;
    others_add(&careful->weight, w);
    others_add(&careful->first, w * c);
    others_add(&careful->square, w * c * c);
}

static void careful_pass(struct careful *careful, const struct row *row, size_t winner,
                         struct others *others)
{
    double block[BLOCK];

    *others = (struct others){.far = FAR};
    careful->weight = careful->first = careful->square = dd_of(0);
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        for (size_t i = 0; i < count; i++)
            if (start + i != winner && block[i] != -HUGE_VAL)
                careful_add(careful, block[i], others);
    }
}

/* D and V from the sums about a centre; the offset of D from it. */
static struct dd others_about(struct others *others, struct dd centre, struct dd weight,
                              struct dd first, struct dd square)
{
    const struct dd offset = dd_div(first, weight);
    const struct dd left = dd_sub(dd_div(square, weight), dd_mul(offset, offset));

    others->mean = dd_add(centre, offset);
    others->variance = left.hi > 0 ? left : dd_of(0);
    return offset;
}

/* V + D^2 / (1 + R), rounded. */
static double others_whole(const struct others *others, const struct row_stats *stats)
{
    return others->variance.hi + others->mean.hi * others->mean.hi / (1 + stats->rest.hi);
}

static void others_careful(const struct reduction *reduction, struct row_stats *stats,
                           struct others *others)
{
    const struct transform *transform = reduction->transform;
    struct careful careful = {.max = reference_make(transform, stats->max),
                              .near = row_distance(stats, transform, reduction->second)};
    struct dd offset, factor;

    others->mean = careful.near;
    while (stats->careful < 3) {
        careful.centre = others->mean;
        careful_pass(&careful, reduction->row, stats->argmax, others);
        stats->careful++;
        if (!(careful.near.hi < NEVER))
            return;
        offset =
            others_about(others, careful.centre, careful.weight, careful.first, careful.square);
        if (offset.hi * offset.hi <= TOO_FAR * others_whole(others, stats))
            break;
    }
    factor = dd_exp_scaled(dd_neg(careful.near), &others->exponent);
    others->rest = dd_mul(careful.weight, factor);
}

/* ---- from the sums of lanes ---- */

static bool others_fit(const struct reduction *reduction, const struct row_stats *stats)
{
    const double temperature = reduction->transform->temperature;

    return !reduction->transform->scaled && reduction->shift == 0 && temperature < NEARLY
           && temperature > 1 / NEARLY && stats->rest.hi >= TOO_RARE;
}

/* In units of logits, which others_quick() changes. */
static struct dd others_measure(struct others *others, const struct reduction *reduction,
                                const struct row_stats *stats)
{
    const struct variation *variation = &reduction->variation;
    const struct dd sum = free_sums_total(&variation->apart),
                    weight = sums_total(&reduction->terms);
    const struct dd top = dd_sum(stats->max, -variation->centre);
    const struct dd offset =
        others_about(others, dd_neg(top), weight, free_sums_total(&variation->first),
                     free_sums_total(&variation->square));

    others->mean = dd_neg(others->mean);
    others->count = variation->count;
    others->sum = dd_sub(dd_mul_double(top, (double)variation->count), sum);
    return offset;
}

/* The same about another centre. */
static void others_again(struct others *others, const struct reduction *reduction, double centre,
                         const struct row_stats *stats, again_f *again)
{
    struct reduction other = *reduction;

    other.preset = true;
    other.max = -HUGE_VAL;
    sums_clear(&other.terms);
    variation_clear(&other.variation);
    other.variation.centre = centre;
    again(&other);
    others_measure(others, &other, stats);
}

/* False if double-doubles are needed. */
static bool others_quick(const struct reduction *reduction, again_f *again,
                         const struct row_stats *stats, struct others *others)
{
    const double temperature = reduction->transform->temperature;
    struct dd offset;

    if (!others_fit(reduction, stats))
        return false;
    offset = others_measure(others, reduction, stats);
    if (!isfinite(others->sum.hi) || others->sum.hi == 0)
        return others->sum.hi == 0; /* all logits are the same */
    if (offset.hi * offset.hi > TOO_FAR * others_whole(others, stats))
        others_again(others, reduction, reduction->variation.centre + offset.hi, stats, again);
    others->sum = dd_div_double(others->sum, temperature);
    others->mean = dd_div_double(others->mean, temperature);
    others->variance = dd_div_double(dd_div_double(others->variance, temperature), temperature);
    others->rest = stats->rest;
    return others_whole(others, stats) > TOO_LITTLE;
}

/* ---- what they say of the row ---- */

/* The deviation of logits that are not all the same is above 0. */
static void moments_set(struct wide mean, struct wide variance, struct row_stats *stats)
{
    stats->mean = mean.value;
    stats->mean_exponent = mean.exponent;
    stats->variance = wide_double(variance);
    stats->deviation = scaled_double(scaled_root(wide_scaled(variance)));
    if (stats->deviation == 0 && wide_sign(variance) > 0)
        stats->deviation = DBL_TRUE_MIN;
}

static void others_set(const struct others *others, struct row_stats *stats)
{
    const struct dd one = dd_add_double(stats->rest, 1), share = dd_div(others->rest, one);
    const struct dd square = dd_div(dd_mul(others->mean, others->mean), one);
    const struct dd mean = dd_div_double(others->sum, (double)others->count + 1);
    const struct dd distance = dd_scale(mean, others->far);

    if (others->rest.hi > 0)
        moments_set(wide_make(dd_mul(share, others->mean), others->exponent),
                    wide_make(dd_mul(share, dd_add(others->variance, square)), others->exponent),
                    stats);
    else if (others->sum.hi != 0)
        stats->deviation = DBL_TRUE_MIN;
    stats->mean_log_prob =
        isfinite(distance.hi) ? 0 - dd_add(stats->log_sum, distance).hi : -HUGE_VAL;
}

static double collision_of(const struct reduction *reduction, const struct row_stats *stats)
{
    const struct dd sum = sums_total(&reduction->terms), one = dd_add_double(stats->rest, 1);
    const struct dd share = dd_div(sums_total(&reduction->variation.collision), dd_mul(sum, sum));
    const struct dd squares = dd_mul(share, dd_mul(stats->rest, stats->rest));

    return dd_div(dd_add_double(squares, 1), dd_mul(one, one)).hi;
}

/* What varies so little may lie in terms that are below doubles. */
static void others_check(const struct reduction *reduction, const struct others *others,
                         struct row_stats *stats)
{
    struct wide_moments moments;

    if (others->rest.hi == 0 || others_whole(others, stats) > TOO_SLIGHT)
        return;
    moments = wide_moments_of(reduction->row, reduction->transform, stats);
    stats->careful += WIDE_PASSES;
    moments_set(moments.mean, moments.variance, stats);
}

/* Set the fields of ROW_VARIATION. */
static void variation_set(const struct reduction *reduction, unsigned wants, again_f *again,
                          struct row_stats *stats)
{
    struct others others = {0};

    stats->collision = 1;
    if (reduction->second == -HUGE_VAL)
        return; /* there are no others */
    if (wants & ROW_COLLISION)
        stats->collision = collision_of(reduction, stats);
    if (!(wants & (ROW_VARIANCE | ROW_MEAN)))
        return;
    if (others_quick(reduction, again, stats, &others)) {
        others_set(&others, stats);
        return;
    }
    others = (struct others){0};
    others_careful(reduction, stats, &others);
    others_set(&others, stats);
    if (wants & ROW_VARIANCE)
        others_check(reduction, &others, stats);
}

#endif
