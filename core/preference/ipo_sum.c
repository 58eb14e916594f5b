/* ipo_sum.c - IPO of sums, as printed in the paper.
 *
 *     (a' - b' - 1 / (2 beta))^2
 *
 * Source: Azar et al. 2023, A General Theoretical Paradigm, equation 17; the repository of DPO,
 * torchtune. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return wide_square(
        wide_minus(preference_delta(one, values), preference_half_over_beta(values)));
}

extern const struct preference_objective preference_ipo_sum;
const struct preference_objective preference_ipo_sum = {
    .head = {.name = "ipo_sum",
             .summary = "IPO of sums, as printed in the paper.",
             .formula = "(a' - b' - 1 / (2 beta))^2",
             .source = "Azar et al. 2023, A General Theoretical Paradigm, equation 17; the "
                       "repository of DPO, torchtune",
             .inputs = "policy and reference of both completions",
             .uses = {{PARAMETER_beta, .value = 0.1},
                      {PARAMETER_f_divergence, .value = F_reverse_kl},
                      {PARAMETER_f_alpha, .value = 0.5},
                      {PARAMETER_reference_free, .value = 0}}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE,
    .loss = loss,
    .reward = preference_reward_of_ratio,
};
