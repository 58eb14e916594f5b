/* log_sum.h - the log of a sum of probabilities, from their logs. */
#ifndef CORE_LOG_SUM_H
#define CORE_LOG_SUM_H

#include <stddef.h>

/* log(sum of exp(l)) of events that exclude each other: m + log1p(sum of exp(l - m) over the
 * others), m the largest.  The sum is compensated (sum.h), and a tiny one does not underflow.  A
 * result that rounding takes above 0 is 0.  -inf if all are, or if there is none. */
double log_sum(const double *log_probs, size_t count);

#endif
