/* logistic.c - the logistic function and its relatives, of wide numbers. */
#include "core/logistic.h"

#include "core/real_tables.h"

/* log(1 + e^-|x|) */
static struct wide log1p_exp(struct wide x)
{
    return wide_log1p(wide_exp_of(wide_sign(x) > 0 ? wide_neg(x) : x));
}

struct wide log_sigmoid(struct wide x)
{
    const struct wide tail = wide_neg(log1p_exp(x));

    return wide_sign(x) >= 0 ? tail : wide_plus(x, tail);
}

struct wide sigmoid(struct wide x)
{
    return wide_exp_of(log_sigmoid(x));
}

struct wide log_one_minus_exp(struct wide x)
{
    return wide_less(wide_of(-LN2), x) ? wide_log(wide_neg(wide_expm1(x)))
                                       : wide_log1p(wide_neg(wide_exp_of(x)));
}

struct wide log_one_minus_exp_difference(struct wide x, struct wide y)
{
    const struct wide apart = wide_minus(y, x);
    struct wide share;

    if (!wide_less(apart, wide_of(1)) || !wide_less(wide_of(-1), apart) || wide_sign(y) == 0)
        return wide_minus(log_one_minus_exp(x), log_one_minus_exp(y));
    /* (1 - e^x) / (1 - e^y) = 1 + e^x (e^(y - x) - 1) / (1 - e^y) */
    share = wide_over(wide_times(wide_exp_of(x), wide_expm1(apart)), wide_neg(wide_expm1(y)));
    if (wide_less(share, wide_of(-0.5))) /* x is near 0: 1 + share would cancel, the logs do not */
        return wide_minus(log_one_minus_exp(x), log_one_minus_exp(y));
    return wide_log1p(share);
}

struct wide logistic_loss(struct wide z, double e)
{
    const struct wide tail = log1p_exp(z);
    const struct wide share = wide_sign(z) >= 0 ? wide_of(e) : wide_plus(wide_of(e), wide_of(-1));

    return wide_plus(tail, wide_times(share, z));
}
