/* kl_estimator.h - estimates of KL(q || p) from one token that was drawn from q
 * (core/kl_estimators.def; J. Schulman, Approximating KL divergence, 2020). */
#ifndef CORE_KL_ESTIMATOR_H
#define CORE_KL_ESTIMATOR_H

#include "core/wide.h"

enum kl_estimator {
#define KL_ESTIMATOR(name, formula, help) KL_ESTIMATOR_##name,
#include "core/kl_estimators.def"
    KL_ESTIMATOR_COUNT
};

/* From log-probabilities; NaN, if both are -inf. */
struct wide kl_estimate(enum kl_estimator estimator, double log_p, double log_q);

#endif
