/* nca_pair.c - NCA: the chosen reward rises, both are kept from growing without bound.
 *
 *     -log sigma(beta a') - log sigma(-beta a') / 2 - log sigma(-beta b') / 2
 *
 * Source: Chen et al. 2024, Noise Contrastive Alignment, for two answers. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide a = preference_times_beta(preference_chosen(one, values), values);
    const struct wide b = preference_times_beta(preference_rejected(one, values), values);
    const struct wide both = wide_plus(log_sigmoid(wide_neg(a)), log_sigmoid(wide_neg(b)));

    (void)state;
    return wide_neg(wide_plus(log_sigmoid(a), wide_times(wide_of(0.5), both)));
}

extern const struct preference_objective preference_nca_pair;
const struct preference_objective preference_nca_pair = {
    .head = {.name = "nca_pair",
             .summary = "NCA: the chosen reward rises, both are kept from growing without bound.",
             .formula = "-log sigma(beta a') - log sigma(-beta a') / 2 - log sigma(-beta b') / 2",
             .source = "Chen et al. 2024, Noise Contrastive Alignment, for two answers",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
