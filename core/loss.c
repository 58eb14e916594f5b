/* loss.c - the loss of one token, given its row.
 *
 * Label smoothing spreads the target.  With V tokens and 0 <= e < 1, the weights are
 *
 *   uniform_all      target 1 - e + e/V, others e/V   (Szegedy et al. 2016; PyTorch)
 *   uniform_others   target 1 - e, others e/(V-1)     (Megatron-LM)
 *
 * uniform_others_minus_entropy (t5x) subtracts the entropy of the spread target from the second, so
 * that a perfect fit has loss 0.  The weights of the first two add up to 1, so they weigh distances
 * only, and log1p(R) is added once.  All terms are >= 0. */
#include "core/loss.h"

#include "core/dd_real.h"

#include <math.h>
#include <string.h>

#define TINY_EXPONENT (-500)
#define TINY 0x1p-500

unsigned loss_wants(const struct loss_options *options)
{
    return options->label_smoothing > 0 ? ROW_SPREAD : 0;
}

/* -((1-e) log(1-e) + (V-1) l log(l + 1e-20)), l = e/(V-1), as t5x writes it. */
static struct dd target_entropy(double e, double others)
{
    const struct dd each = dd_add_double(dd_div_double(dd_of(e), others), 1e-20);
    const struct dd own = dd_mul(dd_sum(1, -e), dd_log1p(dd_of(-e)));

    return dd_neg(dd_add(own, dd_mul_double(dd_log(each), e)));
}

/* The mean distance of the tokens that share e, in the units of stats->spread: of all, or of all
 * but the target. */
static struct dd mean_gap(const struct loss_options *options, const struct row_stats *stats,
                          struct dd farthest, struct dd target, size_t width)
{
    const struct dd all = dd_add(stats->spread, farthest);

    if (options->smoothing == SMOOTHING_ALL)
        return dd_div_double(all, (double)width);
    return dd_div_double(target.hi == farthest.hi && target.lo == farthest.lo ? stats->spread
                                                                              : dd_sub(all, target),
                         (double)(width - 1));
}

/* The distance that is `weight` times a gap. */
static struct dd weighed(const struct row_stats *stats, const struct transform *transform,
                         struct dd gap, struct dd weight)
{
    const int up = weight.hi < TINY ? -TINY_EXPONENT : 0; /* products with lo are above subnormal */
    const struct dd product = dd_mul(gap, dd_scale(weight, up));

    return dd_scale(dd_div_double(product, transform->temperature * transform->unit),
                    (int)stats->far - up);
}

/* (1 - e) target + e mean, as distances, plus log1p(R). */
static struct dd smoothed(const struct loss_options *options, const struct row_stats *stats,
                          const struct transform *transform, size_t width, double logit)
{
    const struct reference max = reference_make(transform, stats->max);
    const double e = options->label_smoothing;
    struct dd farthest, target, mean;

    if (isinf(stats->spread.hi)) /* a masked token has a share, or it is beyond doubles */
        return dd_of(HUGE_VAL);
    farthest = reference_gap(&max, stats->min, (int)stats->far);
    target = reference_gap(&max, logit, (int)stats->far);
    mean = mean_gap(options, stats, farthest, target, width);
    target = weighed(stats, transform, target, dd_sum(1, -e));
    mean = weighed(stats, transform, mean, dd_of(e));
    if (!isfinite(target.hi + mean.hi))
        return dd_of(HUGE_VAL);
    return dd_add(dd_add(target, mean), stats->log_sum);
}

double loss_of(const struct loss_options *options, const struct row_stats *stats,
               const struct transform *transform, size_t width, double logit, double nll)
{
    struct dd loss = dd_of(nll);
    double lse, term;

    if (options->label_smoothing > 0 && width > 1) { /* else there are no other tokens */
        loss = smoothed(options, stats, transform, width, logit);
        if (options->smoothing == SMOOTHING_OTHERS_MINUS_ENTROPY && !isinf(loss.hi))
            loss = dd_sub(loss, target_entropy(options->label_smoothing, (double)(width - 1)));
    }
    if (options->z_loss == 0 || isinf(loss.hi))
        return loss.hi;
    lse = row_lse(stats, transform).hi;
    term = options->z_loss * lse * lse;
    return isinf(loss.hi + term) ? HUGE_VAL : dd_add_double(loss, term).hi;
}
