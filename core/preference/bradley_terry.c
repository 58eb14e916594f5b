/* bradley_terry.c - The loss of a reward model: its rewards tell which completion was chosen.
 *
 *     -log sigma(s_c - s_j - margin) + center (s_c + s_j)^2
 *
 * Source: Bradley and Terry 1952; Touvron et al. 2023, Llama 2 (margin); Eisenstein et al. 2023,
 * Helping or Herding? (center). */
#include "core/preference_terms.h"

#include "core/logistic.h"

/* s_c - s_j - margin: exact, whatever their sizes. */
static struct wide apart(const struct preference_case *one)
{
    struct exact_sum sum;

    exact_sum_clear(&sum);
    exact_sum_add(&sum, one->chosen->reward);
    exact_sum_add(&sum, -one->rejected->reward);
    exact_sum_add(&sum, -one->margin);
    return wide_of_sum(&sum);
}

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide both =
        wide_plus(wide_of(one->chosen->reward), wide_of(one->rejected->reward));
    const struct wide center = preference_value(values, PARAMETER_center);

    (void)state;
    return wide_minus(wide_times(center, wide_square(both)), log_sigmoid(apart(one)));
}

static struct wide reward(const struct preference_completion *completion,
                          const struct parameters *values)
{
    (void)values;
    return wide_of(completion->reward);
}

extern const struct preference_objective preference_bradley_terry;
const struct preference_objective preference_bradley_terry = {
    .head = {.name = "bradley_terry",
             .summary = "The loss of a reward model: its rewards tell which completion was chosen.",
             .formula = "-log sigma(s_c - s_j - margin) + center (s_c + s_j)^2",
             .source = "Bradley and Terry 1952; Touvron et al. 2023, Llama 2 (margin); Eisenstein "
                       "et al. 2023, Helping or Herding? (center)",
             .inputs = "reward of both completions; margin of the pair",
             .uses = {USE(center, 0)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_REWARD,
    .loss = loss,
    .reward = reward,
};
