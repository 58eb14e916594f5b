/* logistic.h - the logistic function and its relatives, of wide numbers.
 *
 * Each is within 2^-62, relative, of the exact function of x, plus 2^-98 |x| relative where it is
 * e^x of a large x.  Nothing cancels: sigma(x) is e^(log sigma(x)), never 1 - sigma(-x). */
#ifndef CORE_LOGISTIC_H
#define CORE_LOGISTIC_H

#include "core/wide_real.h"

struct wide log_sigmoid(struct wide x); /* log(1 / (1 + e^-x)) */
struct wide sigmoid(struct wide x);     /* 1 / (1 + e^-x) */

/* log(1 - e^x) for x <= 0; -inf at 0. */
struct wide log_one_minus_exp(struct wide x);

/* log_one_minus_exp(x) - log_one_minus_exp(y), of x, y < 0, also where they are near each other. */
struct wide log_one_minus_exp_difference(struct wide x, struct wide y);

/* -(1 - e) log sigma(z) - e log sigma(-z): the cross-entropy of a choice whose label is wrong with
 * probability e, 0 <= e < 1/2. */
struct wide logistic_loss(struct wide z, double e);

#endif
