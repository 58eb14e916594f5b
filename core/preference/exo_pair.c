/* exo_pair.c - EXO: the reverse KL from the policy's choice to the labels', of which a share e is
 * wrong.
 *
 *     sigma(z) (log sigma(z) - log(1 - e)) + sigma(-z) (log sigma(-z) - log e)
 *
 * That is sum p log(p / q) over p = (sigma(z), sigma(-z)) and q = (1 - e, e).  Both add up to 1, so
 * it is also the sum of p (e^d - 1 - d), d = log(q / p), whose terms are >= 0: nothing cancels
 * where the policy agrees with the labels.
 *
 * Source: Ji et al. 2024, Towards Efficient Exact Optimization of Language Model Alignment. */
#include "core/preference_terms.h"

#include "core/logistic.h"

/* p (e^d - 1 - d) = q - p - p d of one side. */
static struct wide term(struct wide log_p, struct wide q)
{
    const struct wide p = wide_exp_of(log_p), d = wide_minus(wide_log(q), log_p);

    if (wide_less(d, wide_of(0.5)) && wide_less(wide_of(-0.5), d))
        return wide_times(p, wide_excess(d));
    return wide_minus(wide_minus(q, p), wide_times(p, d));
}

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide z = preference_z(one, values);
    const struct wide e = preference_value(values, PARAMETER_label_smoothing);

    (void)state;
    return wide_plus(term(log_sigmoid(z), wide_minus(wide_of(1), e)),
                     term(log_sigmoid(wide_neg(z)), e));
}

extern const struct preference_objective preference_exo_pair;
const struct preference_objective preference_exo_pair = {
    .head = {.name = "exo_pair",
             .summary = "EXO: the reverse KL from the policy's choice to the labels', of which a "
                        "share e is wrong.",
             .formula = "sigma(z) (log sigma(z) - log(1 - e)) + sigma(-z) (log sigma(-z) - log e)",
             .source = "Ji et al. 2024, Towards Efficient Exact Optimization of Language Model "
                       "Alignment",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE_NOT_ZERO(label_smoothing, 0.001),
                      USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
