/* apo_down.c - APO-down: both fall, the rejected completion faster.
 *
 *     sigma(beta a) + sigma(-beta (a - b))
 *
 * Source: D'Oosterlinck et al. 2024, Anchored Preference Optimization, up to a constant. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide a = preference_reward_of_ratio(one->chosen, values);
    const struct wide apart = preference_times_beta(preference_apart(one), values);

    (void)state;
    return wide_plus(sigmoid(a), sigmoid(wide_neg(apart)));
}

extern const struct preference_objective preference_apo_down;
const struct preference_objective preference_apo_down = {
    .head = {.name = "apo_down",
             .summary = "APO-down: both fall, the rejected completion faster.",
             .formula = "sigma(beta a) + sigma(-beta (a - b))",
             .source =
                 "D'Oosterlinck et al. 2024, Anchored Preference Optimization, up to a constant",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
