/* wide.c - a double-double with an exponent of its own. */
#include "core/wide.h"

#include "core/dd_real.h"

#include <float.h>

#define TINY 0x1p-200 /* what is less is its exp() - 1 as a double-double */
#define FAR 128       /* values are kept between 2^-FAR and 2^FAR */
#define PLAIN 100     /* exponents of powers that are kept as doubles */
#define BEYOND 1900   /* an exponent of numbers that no exact sum holds */
#define BIAS 1023
#define BLOCK 128 /* terms that are added at a time */
#define FRACTION_BITS 52
#define EXPONENT_MASK 0x7ff

static bool is_finite(double x)
{
    return fabs(x) <= DBL_MAX;
}

/* The exponent of a number that is not 0 or subnormal. */
static int exponent_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return (int)(bits >> FRACTION_BITS & EXPONENT_MASK) - BIAS;
}

/* The same number, so that products of two stay within doubles. */
struct wide wide_settle(struct dd value, int64_t exponent)
{
    int shift;

    if (value.hi == 0 || !is_finite(value.hi))
        return (struct wide){dd_of(value.hi), 0};
    if (fabs(value.hi) < DBL_MIN)
        return wide_settle(dd_scale(value, 2 * FRACTION_BITS), exponent - 2 * FRACTION_BITS);
    shift = exponent_of(value.hi);
    if (shift > -FAR && shift < FAR)
        return (struct wide){value, exponent};
    return (struct wide){
        (struct dd){scaled_shift(value.hi, -shift), scaled_shift(value.lo, -shift)},
        exponent + shift};
}

struct wide wide_of_number(const struct exact_number *number)
{
    int exponent;
    const struct dd value = exact_number_dd(number, &exponent);

    return (struct wide){value, exponent};
}

struct wide wide_of_sum(const struct exact_sum *sum)
{
    struct exact_number number;

    if (!exact_sum_is_finite(sum))
        return wide_of(exact_sum_double(sum));
    exact_sum_number(sum, &number);
    return wide_of_number(&number);
}

struct wide wide_times_any(struct wide a, struct wide b)
{
    if (a.value.hi == 0 || b.value.hi == 0)
        return wide_of(0);
    if (!is_finite(a.value.hi) || !is_finite(b.value.hi))
        return wide_of(a.value.hi * b.value.hi);
    return wide_settle(dd_mul(a.value, b.value), a.exponent + b.exponent);
}

struct wide wide_plus_any(struct wide a, struct wide b)
{
    const struct wide more = b.exponent > a.exponent ? b : a;
    const struct wide less = b.exponent > a.exponent ? a : b;
    const int shift = (int)(less.exponent - more.exponent);

    if (!is_finite(a.value.hi) || !is_finite(b.value.hi))
        return wide_of(a.value.hi + b.value.hi);
    if (a.value.hi == 0 || b.value.hi == 0) /* whose exponent may be the larger one */
        return a.value.hi == 0 ? b : a;
    return wide_settle(dd_add(more.value, (struct dd){scaled_shift(less.value.hi, shift),
                                                      scaled_shift(less.value.lo, shift)}),
                       more.exponent);
}

struct wide wide_over(struct wide a, struct wide b)
{
    if (a.value.hi == 0 || b.value.hi == 0 || !is_finite(a.value.hi) || !is_finite(b.value.hi))
        return wide_of(a.value.hi / b.value.hi);
    return wide_settle(dd_div(a.value, b.value), a.exponent - b.exponent);
}

struct wide wide_mean(const struct exact_sum *sum, size_t count)
{
    return wide_over(wide_of_sum(sum), wide_of((double)count));
}

struct wide wide_exp(struct dd x)
{
    int exponent;
    const struct dd power = dd_exp_scaled(x, &exponent);

    if (exponent > -PLAIN && exponent < PLAIN)
        return (struct wide){dd_scale(power, exponent), 0};
    return (struct wide){power, exponent};
}

struct wide wide_expm1(struct wide x)
{
    const struct dd near = wide_dd(x);

    return fabs(near.hi) < TINY ? x : wide_of_dd(dd_expm1(near));
}

struct dd wide_dd(struct wide a)
{
    const double hi = wide_double(a);

    return (struct dd){hi, is_finite(hi) ? scaled_shift(a.value.lo, (int)a.exponent) : 0};
}

double wide_double(struct wide a)
{
    return scaled_shift(a.value.hi, (int)a.exponent);
}

int wide_compare_any(struct wide a, struct wide b)
{
    const double less = wide_plus(a, wide_neg(b)).value.hi;

    if (a.value.hi == b.value.hi && !is_finite(a.value.hi))
        return 0; /* the same infinity */
    return less < 0 ? -1 : less > 0 ? 1 : less == 0 ? 0 : 2;
}

void wide_add_to(struct exact_sum *sum, struct wide term)
{
    if (term.exponent > BEYOND) { /* of any sum of doubles */
        exact_sum_add(sum, term.value.hi * HUGE_VAL);
        return;
    }
    exact_sum_add_scaled(sum, (struct scaled){term.value.hi, (int)term.exponent});
    if (term.value.lo != 0)
        exact_sum_add_scaled(sum, (struct scaled){term.value.lo, (int)term.exponent});
}

void wide_add_all(struct exact_sum *sum, const struct wide *terms, size_t count)
{
    double hi[BLOCK], lo[BLOCK];

    for (size_t i = 0; i < count;) {
        size_t held = 0;

        for (; i < count && held < BLOCK; i++) {
            hi[held] = terms[i].value.hi;
            lo[held] = terms[i].value.lo;
            if (terms[i].exponent == 0)
                held++;
            else
                wide_add_to(sum, terms[i]);
        }
        exact_sum_add_all(sum, hi, held);
        exact_sum_add_all(sum, lo, held);
    }
}
