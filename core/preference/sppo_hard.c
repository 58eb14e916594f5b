/* sppo_hard.c - SPPO with hard labels: either log ratio is drawn to its own target.
 *
 *     (a' - 1 / (2 beta))^2 + (b' + 1 / (2 beta))^2
 *
 * Source: Wu et al. 2024, Self-Play Preference Optimization, with probabilities 1 and 0. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide target = preference_half_over_beta(values);

    (void)state;
    return wide_plus(wide_square(wide_minus(preference_chosen(one, values), target)),
                     wide_square(wide_plus(preference_rejected(one, values), target)));
}

extern const struct preference_objective preference_sppo_hard;
const struct preference_objective preference_sppo_hard = {
    .head = {.name = "sppo_hard",
             .summary = "SPPO with hard labels: either log ratio is drawn to its own target.",
             .formula = "(a' - 1 / (2 beta))^2 + (b' + 1 / (2 beta))^2",
             .source =
                 "Wu et al. 2024, Self-Play Preference Optimization, with probabilities 1 and 0",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
