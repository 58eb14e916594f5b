/* aot_unpaired.c - AOT of the two sides: DPO of the quantiles of their log ratios over the batch.
 *
 *     mean over i of sigmoid's loss of beta (x_i - y_i), x = sorted a, y = sorted b
 *
 * Source: Melnyk et al. 2024, Distributional Preference Alignment of LLMs via Optimal Transport,
 * unpaired. */
#include "core/preference_terms.h"

static struct wide x_of(const struct preference_case *one, const struct parameters *values)
{
    (void)values;
    return preference_log_ratio(one->chosen);
}

static struct wide y_of(const struct preference_case *one, const struct parameters *values)
{
    (void)values;
    return preference_log_ratio(one->rejected);
}

extern const struct preference_objective preference_aot_unpaired;
const struct preference_objective preference_aot_unpaired = {
    .head = {.name = "aot_unpaired",
             .summary =
                 "AOT of the two sides: DPO of the quantiles of their log ratios over the batch.",
             .formula =
                 "mean over i of sigmoid's loss of beta (x_i - y_i), x = sorted a, y = sorted b",
             .source = "Melnyk et al. 2024, Distributional Preference Alignment of LLMs via "
                       "Optimal Transport, unpaired",
             .inputs = "policy and reference of both completions of all pairs",
             .uses = {USE(beta, 0.1), USE(label_smoothing, 0), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .quantile_x = x_of,
    .quantile_y = y_of,
    .quantile_loss = preference_logistic_of_beta,
};
