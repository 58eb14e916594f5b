/* apo_zero_unpaired.c - APO-zero of examples: KTO with k = 0.
 *
 *     desirable:    desirable_weight sigma(-beta a)
 *     undesirable:  undesirable_weight sigma(beta a)
 *
 * Source: D'Oosterlinck et al. 2024, Anchored Preference Optimization; TRL's apo_zero_unpaired. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide reward = preference_reward_of_ratio(one->chosen, values);

    (void)state;
    return wide_times(preference_weight_of_label(one, values),
                      sigmoid(one->desirable ? wide_neg(reward) : reward));
}

extern const struct preference_objective preference_apo_zero_unpaired;
const struct preference_objective preference_apo_zero_unpaired = {
    .head = {.name = "apo_zero_unpaired",
             .summary = "APO-zero of examples: KTO with k = 0.",
             .formula = "desirable: desirable_weight sigma(-beta a); else: undesirable_weight "
                        "sigma(beta a)",
             .source = "D'Oosterlinck et al. 2024, Anchored Preference Optimization; TRL's "
                       "apo_zero_unpaired",
             .inputs = "label, policy and reference of examples",
             .uses = {USE(beta, 0.1), USES_OF_LABELS, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_EXAMPLES),
    .loss = loss,
};
