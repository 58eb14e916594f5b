/* log_sum.h - the log of a sum of probabilities, from their logs. */
#ifndef CORE_LOG_SUM_H
#define CORE_LOG_SUM_H

#include <stddef.h>

/* log(sum of exp(l)) of events that exclude each other: m + log1p(sum of exp(l - m) over the
 * others), m the largest.  Computed in double-doubles: within u = 2^-53 of the result
 * plus 2^-64 of |m|, also where both terms all but cancel because the events are nearly certain.  A
 * result above 0 is 0.  -inf if all are, or if there is none. */
double log_sum(const double *log_probs, size_t count);

#endif
