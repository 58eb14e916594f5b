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
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
