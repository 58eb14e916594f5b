/* dd.h - double-double numbers: about 106 bits, as an unevaluated sum of two doubles.
 *
 * The operations are those of Joldes, Muller and Popescu, "Tight and rigorous error bounds for
 * basic building blocks of double-word arithmetic" (ACM TOMS 44, 2017); the comment of each names
 * the algorithm and its relative error, u = 2^-53.  The bounds hold for finite operands, as long as
 * hi is finite and lo above the subnormal doubles (so |hi| > 2^-916 in a product or a quotient).
 *
 * They give the same bits on every machine, because they use only operations that IEEE 754 rounds
 * exactly (+ - * / fma). */
#ifndef CORE_DD_H
#define CORE_DD_H

#include <math.h>
#include <stdint.h>
#include <string.h>

struct dd {
    double hi, lo; /* the value is hi + lo; |lo| <= ulp(hi) / 2 */
};

static inline struct dd dd_of(double x)
{
    return (struct dd){x, 0};
}

static inline struct dd dd_neg(struct dd x)
{
    return (struct dd){-x.hi, -x.lo};
}

/* Exact (Knuth's two-sum). */
static inline struct dd dd_sum(double a, double b)
{
    const double hi = a + b, part = hi - a;

    return (struct dd){hi, (a - (hi - part)) + (b - part)};
}

/* Exact if a = 0 or |a| >= |b| (Dekker's fast two-sum). */
static inline struct dd dd_sum_ordered(double a, double b)
{
    const double hi = a + b;

    return (struct dd){hi, b - (hi - a)};
}

/* Exact. */
static inline struct dd dd_product(double a, double b)
{
    const double hi = a * b;

    return (struct dd){hi, fma(a, b, -hi)};
}

/* 2 u^2 (algorithm 4). */
static inline struct dd dd_add_double(struct dd x, double y)
{
    const struct dd sum = dd_sum(x.hi, y);

    return dd_sum_ordered(sum.hi, sum.lo + x.lo);
}

/* 3.1 u^2, also where hi parts cancel (algorithm 6). */
static inline struct dd dd_add(struct dd x, struct dd y)
{
    const struct dd high = dd_sum(x.hi, y.hi), low = dd_sum(x.lo, y.lo);
    const struct dd sum = dd_sum_ordered(high.hi, high.lo + low.hi);

    return dd_sum_ordered(sum.hi, sum.lo + low.lo);
}

/* 3.1 u^2. */
static inline struct dd dd_sub(struct dd x, struct dd y)
{
    return dd_add(x, dd_neg(y));
}

/* 2 u^2 (algorithm 9). */
static inline struct dd dd_mul_double(struct dd x, double y)
{
    const struct dd product = dd_product(x.hi, y);

    return dd_sum_ordered(product.hi, fma(x.lo, y, product.lo));
}

/* 5 u^2 (algorithm 12). */
static inline struct dd dd_mul(struct dd x, struct dd y)
{
    const struct dd product = dd_product(x.hi, y.hi);
    const double crossed = fma(x.lo, y.hi, fma(x.hi, y.lo, x.lo * y.lo));

    return dd_sum_ordered(product.hi, product.lo + crossed);
}

/* 3 u^2 (algorithm 15). */
static inline struct dd dd_div_double(struct dd x, double y)
{
    const double quotient = x.hi / y;
    const double rest = fma(-quotient, y, x.hi) + x.lo;

    return dd_sum_ordered(quotient, rest / y);
}

/* 15.1 u^2 (algorithm 17). */
static inline struct dd dd_div(struct dd x, struct dd y)
{
    const double quotient = x.hi / y.hi;
    const struct dd back = dd_mul_double(y, quotient);
    const double rest = (x.hi - back.hi) + (x.lo - back.lo);

    return dd_sum_ordered(quotient, rest / y.hi);
}

/* x 2^exponent: exact, where lo is not below the subnormal doubles. */
static inline struct dd dd_scale(struct dd x, int exponent)
{
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;

    if (exponent < -1022 || exponent > 1023)
        return (struct dd){ldexp(x.hi, exponent), ldexp(x.lo, exponent)};
    memcpy(&power, &bits, sizeof power);
    return (struct dd){x.hi * power, x.lo * power};
}

#endif
