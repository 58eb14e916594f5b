/* ipo.c - IPO of log ratios per token, as its authors told TRL and HALOs.
 *
 *     (a' / n_c - b' / n_j - 1 / (2 beta))^2
 *
 * Source: Azar et al. 2023, A General Theoretical Paradigm, equation 17; TRL and HALOs, per
 * token. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return wide_square(
        wide_minus(preference_delta_per_token(one, values), preference_half_over_beta(values)));
}

extern const struct preference_objective preference_ipo;
const struct preference_objective preference_ipo = {
    .head = {.name = "ipo",
             .summary = "IPO of log ratios per token, as its authors told TRL and HALOs.",
             .formula = "(a' / n_c - b' / n_j - 1 / (2 beta))^2",
             .source = "Azar et al. 2023, A General Theoretical Paradigm, equation 17; TRL and "
                       "HALOs, per token",
             .inputs = "policy and reference of both completions, with their numbers of tokens",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE | NEEDS_TOKENS,
    .loss = loss,
    .reward = preference_reward_of_ratio,
};
