/* kto.c - KTO: how far an example is from the KL of the batch, by its label.
 *
 *     desirable:    desirable_weight sigma(beta (k - a))
 *     undesirable:  undesirable_weight sigma(beta (a - k))
 *
 * k is `kl` as it is given, or max(0, mean of pi - r over the examples' mismatched completions):
 * the paper's estimate, with the request as the batch.
 *
 * Source: Ethayarajh et al. 2024, KTO: Model Alignment as Prospect Theoretic Optimization. */
#include "core/preference_terms.h"

#include "core/logistic.h"

/* The mean of the log ratios of mismatched completions. */
static struct wide estimate(const struct preference_batch *batch)
{
    struct exact_sum sum;
    size_t count = 0;

    exact_sum_clear(&sum);
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->cases[i].mismatched)
            continue;
        wide_add_to(&sum, preference_log_ratio(batch->cases[i].mismatched));
        count++;
    }
    return wide_mean(&sum, count);
}

static struct preference_state state(const struct preference_batch *batch,
                                     const struct parameters *values)
{
    struct preference_state k = {.value = wide_of(0)};

    k.value =
        values->of[PARAMETER_kl].given ? preference_value(values, PARAMETER_kl) : estimate(batch);
    if (wide_sign(k.value) < 0)
        k.value = wide_of(0);
    return k;
}

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide a = preference_log_ratio(one->chosen);
    const struct wide apart =
        one->desirable ? wide_minus(state->value, a) : wide_minus(a, state->value);

    return wide_times(preference_weight_of_label(one, values),
                      sigmoid(preference_times_beta(apart, values)));
}

extern const struct preference_objective preference_kto;
const struct preference_objective preference_kto = {
    .head = {.name = "kto",
             .summary = "KTO: how far an example is from the KL of the batch, by its label.",
             .formula = "desirable: desirable_weight sigma(beta (k - a)); else: "
                        "undesirable_weight sigma(beta (a - k))",
             .source = "Ethayarajh et al. 2024, KTO: Model Alignment as Prospect Theoretic "
                       "Optimization",
             .inputs = "label, policy and reference of examples; kl, or their mismatched",
             .uses = {USE(beta, 0.1), USES_OF_LABELS, USE_NO_DEFAULT(kl), USE(reference_free, 0)}},
    .form = PREFERENCE_OF_EXAMPLES,
    .needs = NEEDS_POLICY | NEEDS_REFERENCE | NEEDS_KL,
    .loss = loss,
    .reward = preference_reward_of_ratio,
    .state_name = "kl",
    .state = state,
};
