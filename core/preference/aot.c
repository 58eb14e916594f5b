/* aot.c - AOT: DPO of the quantiles of the margins of policy and reference over the batch.
 *
 *     mean over i of sigmoid's loss of beta (x_i - y_i), x = sorted pi_c - pi_j, y = sorted r_c -
 * r_j
 *
 * Source: Melnyk et al. 2024, Distributional Preference Alignment of LLMs via Optimal Transport,
 * paired; TRL's aot. */
#include "core/preference_terms.h"

static struct wide x_of(const struct preference_case *one, const struct parameters *values)
{
    (void)values;
    return wide_minus(one->chosen->policy, one->rejected->policy);
}

static struct wide y_of(const struct preference_case *one, const struct parameters *values)
{
    (void)values;
    return wide_minus(one->chosen->reference, one->rejected->reference);
}

extern const struct preference_objective preference_aot;
const struct preference_objective preference_aot = {
    .head = {.name = "aot",
             .summary =
                 "AOT: DPO of the quantiles of the margins of policy and reference over the batch.",
             .formula = "mean over i of sigmoid's loss of beta (x_i - y_i), x = sorted pi_c - "
                        "pi_j, y = sorted r_c - r_j",
             .source = "Melnyk et al. 2024, Distributional Preference Alignment of LLMs via "
                       "Optimal Transport, paired; TRL's aot",
             .inputs = "policy and reference of both completions of all pairs",
             .uses = {USE(beta, 0.1), USE(label_smoothing, 0), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .quantile_x = x_of,
    .quantile_y = y_of,
    .quantile_loss = preference_logistic_of_beta,
};
