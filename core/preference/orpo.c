/* orpo.c - ORPO: the odds of the chosen completion over those of the rejected one, and its
 * likelihood.
 *
 *     -beta log sigma(o_c - o_j) + nll_weight nll,  o = m - log(1 - e^m),  m = pi / n
 *
 * o_c - o_j, the log odds ratio, is (m_c - m_j) + log((1 - e^m_j) / (1 - e^m_c)).
 *
 * Source: Hong et al. 2024, ORPO: Monolithic Preference Optimization without Reference Model. */
#include "core/preference_terms.h"

#include "core/logistic.h"

/* log odds of the geometric mean of a completion's probabilities. */
static struct wide odds(struct wide mean)
{
    return wide_minus(mean, log_one_minus_exp(mean));
}

static struct wide log_odds(const struct preference_case *one, const struct parameters *values)
{
    const struct wide c = preference_mean(one->chosen), j = preference_mean(one->rejected);

    (void)values;
    if (wide_sign(c) == 0 || wide_sign(j) == 0 || !wide_is_finite(c) || !wide_is_finite(j))
        return wide_minus(odds(c), odds(j));
    return wide_plus(wide_minus(c, j), log_one_minus_exp_difference(j, c));
}

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    (void)state;
    return wide_neg(preference_times_beta(log_sigmoid(log_odds(one, values)), values));
}

extern const struct preference_objective preference_orpo;
const struct preference_objective preference_orpo = {
    .head = {.name = "orpo",
             .summary =
                 "ORPO: the odds of the chosen completion over those of the rejected one, and "
                 "its likelihood.",
             .formula = "-beta log sigma(o_c - o_j) + nll_weight nll, o = m - log(1 - e^m), m = "
                        "pi / n",
             .source = "Hong et al. 2024, ORPO: Monolithic Preference Optimization without "
                       "Reference Model",
             .inputs = "policy of both completions, with their numbers of tokens",
             .uses = {USE(beta, 0.1), USES_OF_NLL(1)}},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_TOKENS,
    .nll = NLL_WEIGHTED,
    .loss = loss,
    .reward = preference_reward_of_mean,
    .extra_name = "log_odds",
    .extra = log_odds,
};
