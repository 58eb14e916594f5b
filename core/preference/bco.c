/* bco.c - BCO: either label is classified, around the mean reward so far.
 *
 *     desirable:    -log sigma(beta a - d)
 *     undesirable:  -log sigma(d - beta a)
 *
 * d is `delta` as it is given, a number; or, from a state {mean, count} before this batch of N
 * examples, (count mean + sum of beta a) / (count + N).
 *
 * Source: Jung et al. 2024, Binary Classifier Optimization; the running mean is that of TRL. */
#include "core/preference_terms.h"

#include "core/logistic.h"

/* count mean + sum of beta a */
static struct wide sum_of_rewards(const struct preference_batch *batch,
                                  const struct parameters *values,
                                  const struct preference_state *before)
{
    struct exact_sum sum;

    exact_sum_clear(&sum);
    wide_add_to(&sum, wide_times(before->value, wide_of(before->count)));
    for (size_t i = 0; i < batch->count; i++)
        wide_add_to(&sum, preference_reward_of_ratio(batch->cases[i].chosen, values));
    return wide_of_sum(&sum);
}

static struct preference_state state(const struct preference_batch *batch,
                                     const struct parameters *values)
{
    struct preference_state delta = preference_state_given(values, PARAMETER_delta);
    struct wide count;

    if (!delta.counts)
        return delta;
    count = wide_plus(wide_of(delta.count), wide_of((double)batch->count));
    delta.value = wide_over(sum_of_rewards(batch, values, &delta), count);
    delta.count = wide_double(count);
    return delta;
}

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide reward = preference_reward_of_ratio(one->chosen, values);
    const struct wide apart = wide_minus(reward, state->value);

    return wide_neg(log_sigmoid(one->desirable ? apart : wide_neg(apart)));
}

extern const struct preference_objective preference_bco;
const struct preference_objective preference_bco = {
    .head = {.name = "bco",
             .summary = "BCO: either label is classified, around the mean reward so far.",
             .formula = "desirable: -log sigma(beta a - d); else: -log sigma(d - beta a)",
             .source = "Jung et al. 2024, Binary Classifier Optimization; the running mean is "
                       "that of TRL",
             .inputs = "label, policy and reference of examples",
             .uses = {USE(beta, 0.1), USE_NO_DEFAULT(delta), USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_EXAMPLES),
    .loss = loss,
    .state_name = "delta",
    .state_counts = true,
    .state = state,
};
