/* apo_zero.c - APO-zero: the chosen completion rises, the rejected one falls.
 *
 *     sigma(-beta a) + sigma(beta b)
 *
 * Source: D'Oosterlinck et al. 2024, Anchored Preference Optimization, up to a constant. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide a = preference_reward_of_ratio(one->chosen, values);
    const struct wide b = preference_reward_of_ratio(one->rejected, values);

    (void)state;
    return wide_plus(sigmoid(wide_neg(a)), sigmoid(b));
}

extern const struct preference_objective preference_apo_zero;
const struct preference_objective preference_apo_zero = {
    .head = {.name = "apo_zero",
             .summary = "APO-zero: the chosen completion rises, the rejected one falls.",
             .formula = "sigma(-beta a) + sigma(beta b)",
             .source =
                 "D'Oosterlinck et al. 2024, Anchored Preference Optimization, up to a constant",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
