/* weighted_mean.h - the weighted mean of values and its standard error.
 *
 * Over the n values x whose weight w is above 0:
 *
 *     mean             sum w x / sum w
 *     standard error   sqrt(n / (n - 1) sum (w (x - mean))^2) / sum w
 *
 * With equal weights that is the deviation / sqrt(n).  It is the ratio estimator of survey sampling
 * (Cochran, Sampling Techniques, section 2.11), as the error of a ratio in moments.h is.
 *
 * Both sums of the mean are exact.  The error is computed from w (x - mean) with 99 bits each,
 * whose squares are summed exactly.  So both have the same bits in any order of the values; each is
 * within 4 u of that of the values given, u = 2^-53, plus 2^-96 of the root mean square of the
 * values.  Of values that are all the same, the mean is that value, and the error 0. */
#ifndef CORE_WEIGHTED_MEAN_H
#define CORE_WEIGHTED_MEAN_H

#include "core/wide_real.h"

struct weighted_mean {
    size_t count;        /* values of weight above 0 */
    struct wide mean;    /* NaN: of nothing, or some value is NaN, or both infinities occur */
    struct scaled error; /* NaN: of fewer than two values, or some value is not finite */
};

/* x[i] has the weight w[i], which is finite and >= 0.  NaN is a value that is not known. */
struct weighted_mean weighted_mean_of(const struct wide *x, const double *w, size_t count);

#endif
