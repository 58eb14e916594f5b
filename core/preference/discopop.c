/* discopop.c - DiscoPOP: logistic and exponential loss, mixed by how sure the margin is.
 *
 *     -(1 - g) log sigma(z) + e^(log sigma(z / tau) - z), g = sigma(z / tau)
 *
 * Source: Lu et al. 2024, Discovering Preference Optimization Algorithms with and for Large
 * Language Models. */
#include "core/preference_terms.h"

#include "core/logistic.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide z = preference_z(one, values);
    const struct wide sure = wide_over(z, preference_value(values, PARAMETER_tau));
    const struct wide logistic = wide_times(sigmoid(wide_neg(sure)), log_sigmoid(z));

    (void)state;
    return wide_minus(wide_exp_of(wide_minus(log_sigmoid(sure), z)), logistic);
}

extern const struct preference_objective preference_discopop;
const struct preference_objective preference_discopop = {
    .head = {.name = "discopop",
             .summary = "DiscoPOP: logistic and exponential loss, mixed by how sure the margin is.",
             .formula = "-(1 - g) log sigma(z) + e^(log sigma(z / tau) - z), g = sigma(z / tau)",
             .source = "Lu et al. 2024, Discovering Preference Optimization Algorithms with and "
                       "for Large Language Models",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(tau, 0.05), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
