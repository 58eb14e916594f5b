/* kl_estimator.c - estimates of KL(q || p) from one token. */
#include "core/kl_estimator.h"

#include "core/token_ratio.h"

struct wide kl_estimate(enum kl_estimator estimator, double log_p, double log_q)
{
    const struct token_ratio ratio = token_ratio_of(log_p, log_q);
    const struct wide l = wide_of_dd(ratio.log);

    switch (estimator) {
    case KL_ESTIMATOR_k1:
        return wide_neg(l);
    case KL_ESTIMATOR_k2:
        return wide_times(wide_of(0.5), wide_times(l, l));
    case KL_ESTIMATOR_k3:
    case KL_ESTIMATOR_COUNT:
        break;
    }
    return token_ratio_k3(&ratio);
}
