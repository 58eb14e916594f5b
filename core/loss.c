/* loss.c - the loss of one token, given its row.
 *
 * Label smoothing spreads the target: with V tokens and 0 <= e < 1,
 *   uniform_all      target 1 - e + e/V, others e/V     (Szegedy et al. 2016; PyTorch)
 *   uniform_others   target 1 - e, others e/(V-1)       (Megatron-LM)
 *   uniform_others_minus_entropy                        (t5x: less the entropy of the spread
 * target, so that a perfect fit has loss 0) The sums of nll over the row are (sum of (m - x) / T) +
 * V log1p(R). */
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

static double smoothed(const struct loss_options *options, const struct row_stats *stats,
                       size_t width, double nll)
{
    const double e = options->label_smoothing, all = (double)width, others = all - 1;
    const double sum = stats->spread + all * real_log1p(stats->rest);
    double loss;

    if (width == 1) /* nothing to spread to */
        return nll;
    if (sum == HUGE_VAL)
        return sum;
    if (options->smoothing == SMOOTHING_ALL)
        return (1 - e) * nll + e / all * sum;
    loss = (1 - e) * nll + e / others * (sum - nll);
    return options->smoothing == SMOOTHING_OTHERS ? loss : loss - target_entropy(e, others);
}

double loss_of(const struct loss_options *options, const struct row_stats *stats,
               const struct transform *transform, size_t width, double nll)
{
    double loss = nll;

    if (options->label_smoothing > 0)
        loss = smoothed(options, stats, width, nll);
    if (options->z_loss > 0) {
        const double lse = row_lse(stats, transform);

        loss += options->z_loss * (lse * lse);
    }
    return loss;
}
