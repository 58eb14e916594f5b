/* preference_terms.c - what the losses of preferences are made of. */
#include "core/preference_terms.h"

#include "core/f_divergence.h"
#include "core/logistic.h"

struct wide preference_value(const struct parameters *values, enum parameter_id parameter)
{
    return wide_of(parameter_number(values, parameter));
}

struct wide preference_log_ratio(const struct preference_completion *completion)
{
    return wide_minus(completion->policy, completion->reference);
}

struct wide preference_mean(const struct preference_completion *completion)
{
    return wide_over(completion->policy, wide_of((double)completion->tokens));
}

struct wide preference_apart(const struct preference_case *one)
{
    return wide_minus(preference_log_ratio(one->chosen), preference_log_ratio(one->rejected));
}

/* ---- through an f-divergence ---- */

static enum f_divergence f_of(const struct parameters *values)
{
    return (enum f_divergence)parameter_index(values, PARAMETER_f_divergence);
}

static struct wide through_f(const struct preference_completion *completion,
                             const struct parameters *values)
{
    return f_divergence_value(f_of(values), parameter_number(values, PARAMETER_f_alpha),
                              preference_log_ratio(completion));
}

struct wide preference_delta(const struct preference_case *one, const struct parameters *values)
{
    return f_divergence_difference(f_of(values), parameter_number(values, PARAMETER_f_alpha),
                                   preference_log_ratio(one->chosen),
                                   preference_log_ratio(one->rejected));
}

struct wide preference_chosen(const struct preference_case *one, const struct parameters *values)
{
    return through_f(one->chosen, values);
}

struct wide preference_rejected(const struct preference_case *one, const struct parameters *values)
{
    return through_f(one->rejected, values);
}

struct wide preference_delta_per_token(const struct preference_case *one,
                                       const struct parameters *values)
{
    const struct wide chosen = wide_of((double)one->chosen->tokens);
    const struct wide rejected = wide_of((double)one->rejected->tokens);

    if (one->chosen->tokens == one->rejected->tokens)
        return wide_over(preference_delta(one, values), chosen);
    return wide_minus(wide_over(preference_chosen(one, values), chosen),
                      wide_over(preference_rejected(one, values), rejected));
}

/* ---- beta ---- */

struct wide preference_times_beta(struct wide x, const struct parameters *values)
{
    return wide_times(preference_value(values, PARAMETER_beta), x);
}

struct wide preference_z(const struct preference_case *one, const struct parameters *values)
{
    return preference_times_beta(preference_delta(one, values), values);
}

struct wide preference_half_over_beta(const struct parameters *values)
{
    return wide_over(wide_of(0.5), preference_value(values, PARAMETER_beta));
}

struct wide preference_logistic(struct wide z, const struct parameters *values)
{
    return logistic_loss(z, parameter_number(values, PARAMETER_label_smoothing));
}

struct wide preference_logistic_of_beta(struct wide x, const struct parameters *values)
{
    return preference_logistic(preference_times_beta(x, values), values);
}

struct wide preference_weight_of_label(const struct preference_case *one,
                                       const struct parameters *values)
{
    return preference_value(values, one->desirable ? PARAMETER_desirable_weight
                                                   : PARAMETER_undesirable_weight);
}

struct preference_state preference_state_given(const struct parameters *values,
                                               enum parameter_id parameter)
{
    const struct parameter_value *given = &values->of[parameter];

    return (struct preference_state){wide_of(given->number), !given->given || given->counted,
                                     given->count};
}

/* ---- rewards ---- */

struct wide preference_reward_of_ratio(const struct preference_completion *completion,
                                       const struct parameters *values)
{
    return preference_times_beta(preference_log_ratio(completion), values);
}

struct wide preference_reward_of_mean(const struct preference_completion *completion,
                                      const struct parameters *values)
{
    return preference_times_beta(preference_mean(completion), values);
}
