/* skew.c - the divergence of distillation, as a sum over elements. */
#include "core/skew.h"

#include "core/dd_real.h"
#include "core/real.h"

#include <math.h>

/* Below this |t|, e^t - 1 - t is computed from its series. */
#define NEAR 0.5

/* From this t on, e^-t is beyond doubles. */
#define LEAST (-700.0)

void skew_init(struct skew *skew, double beta, bool one_sum)
{
    skew->beta = beta;
    skew->one_sum = one_sum;
    exact_sum_clear(&skew->sum);
}

/* e^t - 1 - t for |t| < 1/2: t^2/2 (1 + t/3 (1 + t/4 (...))).  The truncated terms are below 1e-18
 * of it. */
static double bend(double t)
{
    double sum = 1;

    for (int k = 16; k > 2; k--)
        sum = 1 + t / k * sum;
    return t * t / 2 * sum;
}

/* The next three functions are of an element whose larger probability is L, and the other e^t L:
 * its term over L. */

/* KL from the larger one to the other. */
static double forward(double t)
{
    return t > -NEAR ? bend(t) : real_expm1(t) - t;
}

/* KL the other way: t e^t - (e^t - 1). */
static double backward(double t)
{
    const double e = real_expm1(t);

    if (t == -HUGE_VAL)
        return 1;
    return t > -NEAR ? e * t - bend(t) : (1 + e) * t - e;
}

/* Between the ends.  `b` is the weight of the larger one, and `c` that of the other.  With l = ln(m
 * / L) and n = ln(m / (e^t L)) it is b (e^l - 1 - l) + c e^t (e^n - 1 - n). */
static double between(double b, double c, double t)
{
    const double e = real_expm1(t), small = real_exp(t);
    const double l = c * -e < NEAR ? real_log1p(c * e) : real_log(b + c * small);
    const double n = t > LEAST ? real_log1p(b * real_expm1(-t)) : l - t;
    const double of_large = l > -NEAR ? bend(l) : c * e - l;
    const double of_small = n < NEAR ? small * bend(n) : -b * e - small * n;

    return small == 0 ? b * -l : b * of_large + c * of_small;
}

/* The term over the larger probability. */
static double factor(double beta, bool p_is_larger, double t)
{
    if (beta > 0 && beta < 1)
        return between(p_is_larger ? beta : 1 - beta, p_is_larger ? 1 - beta : beta, t);
    return (beta == 0) == p_is_larger ? forward(t) : backward(t);
}

/* ln(q / p); one of them may be 0. */
static double log_ratio(struct dd log_p, struct dd log_q)
{
    return isinf(log_p.hi) ? HUGE_VAL : isinf(log_q.hi) ? -HUGE_VAL : dd_sub(log_q, log_p).hi;
}

/* A term that is >= 0. */
static void add_positive(struct skew *skew, struct dd log_p, struct dd log_q)
{
    const double r = log_ratio(log_p, log_q);
    const double over = factor(skew->beta, r <= 0, -fabs(r));
    int exponent;
    const double mantissa = dd_exp_scaled(r <= 0 ? log_p : log_q, &exponent).hi;

    exact_sum_add(&skew->sum, isinf(over) ? over : ldexp(mantissa * over, exponent));
}

/* x ln(x / y). */
static void add_signed(struct skew *skew, struct dd log_x, struct dd log_y)
{
    struct dd term;
    int exponent;

    if (isinf(log_x.hi))
        return;
    if (isinf(log_y.hi)) {
        exact_sum_add(&skew->sum, HUGE_VAL);
        return;
    }
    term = dd_mul(dd_exp_scaled(log_x, &exponent), dd_sub(log_x, log_y));
    exact_sum_add(&skew->sum, ldexp(term.hi, exponent));
    exact_sum_add(&skew->sum, ldexp(term.lo, exponent));
}

void skew_add(struct skew *skew, struct dd log_p, struct dd log_q)
{
    if (isinf(log_p.hi) && isinf(log_q.hi))
        return;
    if (skew->one_sum || (skew->beta > 0 && skew->beta < 1))
        add_positive(skew, log_p, log_q);
    else if (skew->beta == 0)
        add_signed(skew, log_p, log_q);
    else
        add_signed(skew, log_q, log_p);
}

double skew_result(const struct skew *skew)
{
    return exact_sum_double(&skew->sum);
}
