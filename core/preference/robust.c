/* robust.c - Robust DPO: unbiased although labels are wrong with probability e.
 *
 *     -log sigma(z) - e z / (1 - 2 e)
 *
 * Source: Chowdhury et al. 2024, Provably Robust DPO: (-(1 - e) log sigma(z) + e log sigma(-z))
 * / (1 - 2 e). */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide z = preference_z(one, values);
    const struct wide e = preference_value(values, PARAMETER_label_smoothing);
    const struct wide share = wide_over(e, wide_minus(wide_of(1), wide_plus(e, e)));

    (void)state;
    return wide_neg(wide_plus(log_sigmoid(z), wide_times(share, z)));
}

extern const struct preference_objective preference_robust;
const struct preference_objective preference_robust = {
    .head = {.name = "robust",
             .summary = "Robust DPO: unbiased although labels are wrong with probability e.",
             .formula = "-log sigma(z) - e z / (1 - 2 e)",
             .source = "Chowdhury et al. 2024, Provably Robust DPO: (-(1 - e) log sigma(z) + e log "
                       "sigma(-z)) / (1 - 2 e)",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(label_smoothing, 0),
                      USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
