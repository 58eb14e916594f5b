/* bco_pair.c - BCO of pairs: either completion is classified for itself.
 *
 *     -log sigma(beta a') - log sigma(-beta b')
 *
 * Source: Jung et al. 2024, Binary Classifier Optimization; TRL's bco_pair, without a shift. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide a = preference_times_beta(preference_chosen(one, values), values);
    const struct wide b = preference_times_beta(preference_rejected(one, values), values);

    (void)state;
    return wide_neg(wide_plus(log_sigmoid(a), log_sigmoid(wide_neg(b))));
}

extern const struct preference_objective preference_bco_pair;
const struct preference_objective preference_bco_pair = {
    .head =
        {.name = "bco_pair",
         .summary = "BCO of pairs: either completion is classified for itself.",
         .formula = "-log sigma(beta a') - log sigma(-beta b')",
         .source =
             "Jung et al. 2024, Binary Classifier Optimization; TRL's bco_pair, without a shift",
         .inputs = "policy and reference of both completions",
         .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
