/* contest.c - two models over the same tokens. */
#include "core/contest.h"

#include "core/dd_real.h"
#include "core/wide_real.h"

#include <math.h>

/* sum / count */
static struct wide mean_of(const struct exact_number *sum, size_t count)
{
    int exponent;
    const struct dd value = exact_number_dd(sum, &exponent);

    return (struct wide){dd_div_double(value, (double)count), exponent};
}

struct scaled contest_error(struct wide power, struct scaled error)
{
    return scaled_times(wide_scaled(power), error);
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
            contest->mean[i] = wide_dd(mean_of(&sum[i], contest->count));
        }
        contest->perplexity[i] = wide_exp(dd_neg(contest->mean[i]));
    }
    contest->both = contest->finite[0] && contest->finite[1] && contest->count > 0;
    moments_centre(moments, &contest->centred);
    if (!contest->both)
        return;
    exact_number_difference(&contest->difference, &sum[1], &sum[0]);
    contest->apart = mean_of(&contest->difference, contest->count);
    contest->ratio = wide_exp(dd_neg(wide_dd(contest->apart)));
}

/* ---- the difference of two perplexities ---- */

/* z + 2 f c + f^2 w */
static struct scaled quadratic(struct wide f, const struct exact_number *z,
                               const struct exact_number *c, const struct exact_number *w)
{
    const struct wide linear = wide_times(f, wide_of_number(c)), square = wide_times(f, f);
    struct wide sum =
        wide_plus(wide_of_number(z), (struct wide){linear.value, linear.exponent + 1});

    sum = wide_plus(sum, wide_times(square, wide_of_number(w)));
    return sum.value.hi > 0 ? wide_scaled(sum) : (struct scaled){0, 0};
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
    const struct wide far = larger == 1 ? contest->apart : wide_neg(contest->apart);
    struct exact_number mixed;

    if (wide_double(far) <= -NEAR)
        return quadratic(wide_neg(wide_exp(wide_dd(far))), z, &centred->xy, w);
    exact_number_difference(&mixed, &centred->xy, w);
    return quadratic(wide_neg(wide_expm1(far)), &centred->apart, &mixed, w);
}

/* Q (exp(d) - 1), d the distance of the logarithms of P and Q; or P - Q where they are far apart.
 */
double contest_apart(const struct contest *contest)
{
    const bool b_is_less = contest->apart.value.hi > 0;
    const struct wide more = contest->perplexity[!b_is_less], less = contest->perplexity[b_is_less];
    const struct wide far = b_is_less ? contest->apart : wide_neg(contest->apart);
    const struct wide apart = wide_double(far) < NEAR ? wide_times(less, wide_expm1(far))
                                                      : wide_plus(more, wide_neg(less));

    return b_is_less ? -wide_double(apart) : wide_double(apart);
}

struct scaled contest_apart_error(const struct contest *contest)
{
    const size_t larger = contest->apart.value.hi < 0;
    const struct scaled square = square_apart(contest, larger);

    return contest_error(contest->perplexity[larger], centred_error(square, contest->count));
}
