/* sigmoid.c - DPO: the logistic loss of the margin; with label_smoothing e > 0, cDPO.
 *
 *     z >= 0: -log sigma(z) + e z; below: log1p(e^z) - (1 - e) z
 *
 * Source: Rafailov et al. 2023, Direct Preference Optimization, equation 7; Mitchell 2023, A
 * note on DPO with noisy preferences. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return preference_logistic(preference_z(one, values), values);
}

extern const struct preference_objective preference_sigmoid;
const struct preference_objective preference_sigmoid = {
    .head = {.name = "sigmoid",
             .summary = "DPO: the logistic loss of the margin; with label_smoothing e > 0, cDPO.",
             .formula = "z >= 0: -log sigma(z) + e z; below: log1p(e^z) - (1 - e) z",
             .source = "Rafailov et al. 2023, Direct Preference Optimization, equation 7; Mitchell "
                       "2023, A note on DPO with noisy preferences",
             .inputs = "policy and reference of both completions",
             .uses = {{PARAMETER_beta, .value = 0.1},
                      {PARAMETER_f_divergence, .value = F_reverse_kl},
                      {PARAMETER_f_alpha, .value = 0.5},
                      {PARAMETER_label_smoothing, .value = 0},
                      {PARAMETER_reference_free, .value = 0}}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE,
    .loss = loss,
    .reward = preference_reward_of_ratio,
};
