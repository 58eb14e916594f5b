/* preference_terms.h - what the losses of preferences are made of (core/preference.h has the
 * words).
 *
 * Each is a formula of exact inputs, with 2^-62 or more digits: nothing is rounded to a double on
 * the way. */
#ifndef CORE_PREFERENCE_TERMS_H
#define CORE_PREFERENCE_TERMS_H

#include "core/preference.h"

/* A parameter as a wide number. */
struct wide preference_value(const struct parameters *values, enum parameter_id parameter);

struct wide preference_log_ratio(const struct preference_completion *completion); /* pi - r */
struct wide preference_mean(const struct preference_completion *completion);      /* pi / n */

/* a - b and a' - b'; a' and b' are a and b through `f_divergence`. */
struct wide preference_apart(const struct preference_case *one);
struct wide preference_delta(const struct preference_case *one, const struct parameters *values);
struct wide preference_chosen(const struct preference_case *one, const struct parameters *values);
struct wide preference_rejected(const struct preference_case *one, const struct parameters *values);

/* a' / n_c - b' / n_j */
struct wide preference_delta_per_token(const struct preference_case *one,
                                       const struct parameters *values);

/* beta x; beta (a' - b'); 1 / (2 beta) */
struct wide preference_times_beta(struct wide x, const struct parameters *values);
struct wide preference_z(const struct preference_case *one, const struct parameters *values);
struct wide preference_half_over_beta(const struct parameters *values);

/* logistic_loss() of z, with `label_smoothing`; of beta x. */
struct wide preference_logistic(struct wide z, const struct parameters *values);
struct wide preference_logistic_of_beta(struct wide x, const struct parameters *values);

/* The factor of the loss of an example, by its label. */
struct wide preference_weight_of_label(const struct preference_case *one,
                                       const struct parameters *values);

/* A state as it is given, a number or mean and count; by default {0, 0}. */
struct preference_state preference_state_given(const struct parameters *values,
                                               enum parameter_id parameter);

/* ---- what descriptors share ---- */

/* The parameters of losses of a' and b'; of those that an NLL enters; of those of examples. */
#define USES_OF_DIVERGENCE USE(f_divergence, F_reverse_kl), USE(f_alpha, 0.5)
#define USES_OF_NLL(weight) USE(nll_weight, weight), USE(nll, NLL_conditional)
#define USES_OF_LABELS USE(desirable_weight, 1), USE(undesirable_weight, 1)

/* Losses of pi - r, whose rewards are beta (pi - r). */
#define PREFERENCE_OF_RATIOS(of)                                                                   \
    .form = (of), .needs = NEEDS_POLICY | NEEDS_REFERENCE, .reward = preference_reward_of_ratio

/* ---- rewards of a completion ---- */

preference_reward_f preference_reward_of_ratio; /* beta (pi - r) */
preference_reward_f preference_reward_of_mean;  /* beta pi / n */

#endif
