/* sigmoid_norm.c - DPO of log ratios per token: length does not decide.
 *
 *     as sigmoid, z = beta (a' / n_c - b' / n_j)
 *
 * Source: open-instruct, dpo_norm (Lambert et al. 2024, Tulu 3). */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return preference_logistic(
        preference_times_beta(preference_delta_per_token(one, values), values), values);
}

extern const struct preference_objective preference_sigmoid_norm;
const struct preference_objective preference_sigmoid_norm = {
    .head = {.name = "sigmoid_norm",
             .summary = "DPO of log ratios per token: length does not decide.",
             .formula = "as sigmoid, z = beta (a' / n_c - b' / n_j)",
             .source = "open-instruct, dpo_norm (Lambert et al. 2024, Tulu 3)",
             .inputs = "policy and reference of both completions, with their numbers of tokens",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(label_smoothing, 0),
                      USE(reference_free, 0)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE | NEEDS_TOKENS,
    .loss = loss,
    .reward = preference_reward_of_ratio,
};
