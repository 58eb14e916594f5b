/* contest.c - two models over the same tokens. */
#include "core/contest.h"

#include "core/dd_real.h"

#include <math.h>

/* sum / count.  An infinity if it is beyond doubles, where exp() of it is one or 0. */
static struct dd mean_of(const struct exact_number *sum, size_t count)
{
    int exponent;
    const struct dd whole = exact_number_dd(sum, &exponent);
    const struct dd mean = dd_div_double(whole, (double)count);

    return (struct dd){scaled_shift(mean.hi, exponent), scaled_shift(mean.lo, exponent)};
}

struct wide wide_exp(struct dd m)
{
    struct wide power;

    power.value = dd_exp_scaled(dd_neg(m), &power.exponent);
    return power;
}

struct scaled wide_error(struct wide power, struct scaled error)
{
    return scaled_times(scaled_make(power.value.hi, power.exponent), error);
}

double wide_double(struct wide a)
{
    return scaled_shift(a.value.hi, a.exponent);
}

void contest_of(struct contest *contest, const struct moments *moments)
{
    const struct exact_sum *const sums[] = {&moments->x, &moments->y};
    struct exact_number sum[2];

    contest->count = moments->count;
    for (size_t i = 0; i < 2; i++) {
        contest->finite[i] = exact_sum_is_finite(sums[i]);
        contest->mean[i] = dd_of(exact_sum_double(sums[i]));
        if (contest->finite[i] && contest->count > 0) {
            exact_sum_number(sums[i], &sum[i]);
            contest->mean[i] = mean_of(&sum[i], contest->count);
        }
        contest->perplexity[i] = wide_exp(contest->mean[i]);
    }
    contest->both = contest->finite[0] && contest->finite[1] && contest->count > 0;
    moments_centre(moments, &contest->centred);
    if (!contest->both)
        return;
    exact_number_difference(&contest->difference, &sum[1], &sum[0]);
    contest->apart = mean_of(&contest->difference, contest->count);
    contest->ratio = wide_exp(contest->apart);
}

/* ---- the difference of two perplexities ---- */

static struct wide wide_of(const struct exact_number *number)
{
    struct wide wide;

    wide.value = exact_number_dd(number, &wide.exponent);
    return wide;
}

/* A number whose square must not vanish. */
static struct wide wide_small(struct dd x)
{
    return fabs(x.hi) < 0x1p-300 ? (struct wide){{x.hi * 0x1p600, x.lo * 0x1p600}, -600}
                                 : (struct wide){x, 0};
}

static struct wide wide_times(struct wide a, struct wide b)
{
    return (struct wide){dd_mul(a.value, b.value), a.exponent + b.exponent};
}

static struct wide wide_plus(struct wide a, struct wide b)
{
    const struct wide more = b.exponent > a.exponent ? b : a;
    const struct wide less = b.exponent > a.exponent ? a : b;
    const int shift = less.exponent - more.exponent;

    if (a.value.hi == 0 || b.value.hi == 0) /* whose exponent may be the larger one */
        return a.value.hi == 0 ? b : a;
    return (struct wide){dd_add(more.value, (struct dd){scaled_shift(less.value.hi, shift),
                                                        scaled_shift(less.value.lo, shift)}),
                         more.exponent};
}

/* z + 2 f c + f^2 w */
static struct scaled quadratic(struct wide f, const struct exact_number *z,
                               const struct exact_number *c, const struct exact_number *w)
{
    const struct wide linear = wide_times(f, wide_of(c)), square = wide_times(f, f);
    struct wide sum = wide_plus(wide_of(z), (struct wide){linear.value, linear.exponent + 1});

    sum = wide_plus(sum, wide_times(square, wide_of(w)));
    return sum.value.hi > 0 ? scaled_make(sum.value.hi, sum.exponent) : (struct scaled){0, 0};
}

#define NEAR 0.5 /* perplexities whose logarithms differ by less */

/* The square of the error of P z - Q w over P^2, where P = exp(-mean z) >= Q = exp(-mean w), as n
 * times a centred square.  With f = Q / P it is z^2 - 2 f z w + f^2 w^2.  Near f = 1, where that
 * cancels, it is that of (z - w) + (1 - f) w. */
static struct scaled square_apart(const struct contest *contest, size_t larger)
{
    const struct centred *centred = &contest->centred;
    const struct exact_number *z = larger == 0 ? &centred->xx : &centred->yy;
    const struct exact_number *w = larger == 0 ? &centred->yy : &centred->xx;
    const struct dd far = contest->apart.hi < 0 ? contest->apart : dd_neg(contest->apart);
    struct exact_number mixed;
    struct wide f;

    if (far.hi > -NEAR) {
        f = wide_small(dd_neg(dd_expm1(far)));
        exact_number_difference(&mixed, &centred->xy, w);
        return quadratic(f, &centred->apart, &mixed, w);
    }
    f = wide_exp(dd_neg(far));
    f.value = dd_neg(f.value);
    return quadratic(f, z, &centred->xy, w);
}

/* Q (exp(d) - 1), d the distance of the logarithms of P and Q; or P - Q where they are far apart.
 */
double contest_apart(const struct contest *contest)
{
    const bool b_is_less = contest->apart.hi > 0;
    const struct wide more = contest->perplexity[!b_is_less], less = contest->perplexity[b_is_less];
    const struct dd far = b_is_less ? contest->apart : dd_neg(contest->apart);
    struct wide apart = {dd_neg(less.value), less.exponent};

    if (far.hi < NEAR)
        apart.value = dd_mul(less.value, dd_expm1(far));
    else
        apart = wide_plus(more, apart);
    return b_is_less ? -wide_double(apart) : wide_double(apart);
}

struct scaled contest_apart_error(const struct contest *contest)
{
    const size_t larger = contest->apart.hi < 0;
    const struct scaled square = square_apart(contest, larger);

    return wide_error(contest->perplexity[larger], centred_error(square, contest->count));
}
