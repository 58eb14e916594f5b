/* simpo.c - SimPO: means per token, a margin, no reference.
 *
 *     as sigmoid, z = beta (pi_c / n_c - pi_j / n_j) - gamma; plus nll_weight nll
 *
 * Source: Meng et al. 2024, SimPO, equation 6. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide apart =
        wide_minus(preference_mean(one->chosen), preference_mean(one->rejected));
    const struct wide gamma = preference_value(values, PARAMETER_gamma);

    (void)state;
    return preference_logistic(wide_minus(preference_times_beta(apart, values), gamma), values);
}

extern const struct preference_objective preference_simpo;
const struct preference_objective preference_simpo = {
    .head = {.name = "simpo",
             .summary = "SimPO: means per token, a margin, no reference.",
             .formula =
                 "as sigmoid, z = beta (pi_c / n_c - pi_j / n_j) - gamma; plus nll_weight nll",
             .source = "Meng et al. 2024, SimPO, equation 6",
             .inputs = "policy of both completions, with their numbers of tokens",
             .uses = {USE(beta, 2), USE(label_smoothing, 0), USE(gamma, 0.5), USES_OF_NLL(0)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_TOKENS,
    .nll = NLL_WEIGHTED,
    .loss = loss,
    .reward = preference_reward_of_mean,
};
