/* cpo.c - CPO: DPO without a reference, and the likelihood of the chosen completion.
 *
 *     as sigmoid, z = beta (pi_c - pi_j); plus nll_weight nll
 *
 * Source: Xu et al. 2024, Contrastive Preference Optimization. */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide apart = wide_minus(one->chosen->policy, one->rejected->policy);

    (void)state;
    return preference_logistic_of_beta(apart, values);
}

static struct wide reward(const struct preference_completion *completion,
                          const struct parameters *values)
{
    return preference_times_beta(completion->policy, values);
}

extern const struct preference_objective preference_cpo;
const struct preference_objective preference_cpo = {
    .head = {.name = "cpo",
             .summary =
                 "CPO: DPO without a reference, and the likelihood of the chosen completion.",
             .formula = "as sigmoid, z = beta (pi_c - pi_j); plus nll_weight nll",
             .source = "Xu et al. 2024, Contrastive Preference Optimization",
             .inputs = "policy of both completions",
             .uses = {USE(beta, 0.1), USE(label_smoothing, 0), USES_OF_NLL(1)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY,
    .nll = NLL_WEIGHTED,
    .loss = loss,
    .reward = reward,
};
