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

static struct wide quantile_loss(struct wide apart, const struct parameters *values)
{
    return preference_logistic(preference_times_beta(apart, values), values);
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
             .uses = {{PARAMETER_beta, .value = 0.1},
                      {PARAMETER_label_smoothing, .value = 0},
                      {PARAMETER_reference_free, .value = 0}}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE,
    .reward = preference_reward_of_ratio,
    .quantile_x = x_of,
    .quantile_y = y_of,
    .quantile_loss = quantile_loss,
};
