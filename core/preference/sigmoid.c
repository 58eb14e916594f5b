/* sigmoid.c - DPO: the logistic loss of the margin; with label_smoothing e > 0, cDPO.
 *
 *     z >= 0: -log sigma(z) + e z; below: log1p(e^z) - (1 - e) z
 *
 * Source: Rafailov et al. 2023, Direct Preference Optimization, equation 7; Mitchell 2023, A
 * note on DPO with noisy preferences. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return preference_logistic(preference_z(one, values), values);
}

extern const struct preference_objective preference_sigmoid;
const struct preference_objective preference_sigmoid = {
    .head = {.name = "sigmoid",
             .summary = "DPO: the logistic loss of the margin; with label_smoothing e > 0, cDPO.",
             .formula = "z >= 0: -log sigma(z) + e z; below: log1p(e^z) - (1 - e) z",
             .source = "Rafailov et al. 2023, Direct Preference Optimization, equation 7; Mitchell "
                       "2023, A note on DPO with noisy preferences",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(label_smoothing, 0),
                      USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
