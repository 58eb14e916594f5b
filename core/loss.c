/* loss.c - the loss of one token, given its row.
 *
 * Label smoothing spreads the target.  With V tokens and 0 <= e < 1, the weights are
 *
 *   uniform_all      target 1 - e + e/V, others e/V   (Szegedy et al. 2016; PyTorch)
 *   uniform_others   target 1 - e, others e/(V-1)     (Megatron-LM)
 *
 * uniform_others_minus_entropy (t5x) subtracts the entropy of the spread target from the second, so
 * that a perfect fit has loss 0.  The sum of nll over a row is (sum of (m - x) / T) + V log1p(R).
 */
#include "core/loss.h"

#include "core/real.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {
#define SMOOTHING(id, name, formula) name,
#include "core/smoothings.def"
};

const char *smoothing_name(enum smoothing smoothing)
{
    return names[smoothing];
}

bool smoothing_find(const char *name, enum smoothing *smoothing)
{
    for (enum smoothing i = 0; i < SMOOTHING_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *smoothing = i;
            return true;
        }
    }
    return false;
}

unsigned loss_wants(const struct loss_options *options)
{
    return options->label_smoothing > 0 ? ROW_SPREAD : 0;
}

/* -((1-e) log(1-e) + (V-1) l log(l + 1e-20)), l = e/(V-1), as t5x writes it. */
static double target_entropy(double e, double others)
{
    const double each = e / others;

    return -((1 - e) * real_log1p(-e) + e * real_log(each + 1e-20));
}

/* The smoothed loss if sums of nll are beyond doubles.  `target` is the target's distance from m
 * times ROW_FAR.  The weights add up to 1, so log1p(R) is added once. */
static double smoothed_far(const struct loss_options *options, const struct row_stats *stats,
                           const struct transform *transform, size_t width, double logit)
{
    const double e = options->label_smoothing, all = (double)width;
    const double target = stats->max * ROW_FAR - logit * ROW_FAR;
    double mean;

    if (stats->far == HUGE_VAL)
        return HUGE_VAL;
    mean =
        options->smoothing == SMOOTHING_ALL ? stats->far / all : (stats->far - target) / (all - 1);
    return ((1 - e) * target + e * mean) / transform->temperature / ROW_FAR
           + real_log1p(stats->rest);
}

static double smoothed(const struct loss_options *options, const struct row_stats *stats,
                       size_t width, double nll)
{
    const double e = options->label_smoothing, all = (double)width, others = all - 1;
    const double sum = stats->spread + all * real_log1p(stats->rest);

    return options->smoothing == SMOOTHING_ALL ? (1 - e) * nll + e / all * sum
                                               : (1 - e) * nll + e / others * (sum - nll);
}

/* z lse^2.  It is the square of sqrt(z) lse if lse^2 overflows or underflows. */
static double z_term(double z, const struct row_stats *stats, const struct transform *transform)
{
    const double lse = row_lse(stats, transform), square = lse * lse, root = sqrt(z);
    const double product =
        root * stats->max / transform->temperature + root * real_log1p(stats->rest);

    return isnormal(square) ? z * square : product * product;
}

double loss_of(const struct loss_options *options, const struct row_stats *stats,
               const struct transform *transform, size_t width, double logit, double nll)
{
    double loss = nll;

    if (options->label_smoothing > 0 && width > 1) { /* else there are no other tokens */
        loss = isinf(stats->spread) ? smoothed_far(options, stats, transform, width, logit)
                                    : smoothed(options, stats, width, nll);
        if (options->smoothing == SMOOTHING_OTHERS_MINUS_ENTROPY)
            loss -= target_entropy(options->label_smoothing, (double)(width - 1));
    }
    return options->z_loss > 0 ? loss + z_term(options->z_loss, stats, transform) : loss;
}
