/* divergence_terms.h - what one token adds to the sums of core/divergence.h, for all loops over
 * them. */
#ifndef CORE_DIVERGENCE_TERMS_H
#define CORE_DIVERGENCE_TERMS_H

#include <stddef.h>

/* Below this |r|, differences of exp and log are computed from their series. */
#define DIVERGENCE_NEAR 0.25

#define DIVERGENCE_LN2 0x1.62e42fefa39efp-1

/* Sums over tokens. */
enum divergence_sum {
    SUM_KL_AB,
    SUM_KL_BA,
    SUM_JSD,
    SUM_VARIATION, /* of |q - p| */
    SUM_EXCESS,    /* of q - p */
    DIVERGENCE_SUMS
};

/* What a token adds whose larger probability is L, and the other e^t L, t <= 0. */
struct divergence_term {
    double towards, back; /* L (e^t - 1 - t): KL from the larger side; L (t e^t - (e^t - 1)) */
    double jsd;
    double less; /* L (e^t - 1) <= 0 */
};

/* (e^t - 1 - t) / t^2 for -1/4 < t <= 0.  The truncated terms are below 1e-18 of it. */
static inline double divergence_second_order(double t)
{
    static const double factors[] = {1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                     1.0 / 40320,     1.0 / 5040,     1.0 / 720,     1.0 / 120,
                                     1.0 / 24,        1.0 / 6,        1.0 / 2};
    double h = 1.0 / 6227020800;

    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        h = h * t + factors[i];
    return h;
}

/* phi(t) = sum of t^2k / (2k (2k - 1)) for |t| < 1/8.  The truncated terms are below 1e-17 of it.
 */
static inline double divergence_phi(double t)
{
    static const double factors[] = {1.0 / 182, 1.0 / 132, 1.0 / 90, 1.0 / 56,
                                     1.0 / 30,  1.0 / 12,  1.0 / 2};
    const double square = t * t;
    double sum = 1.0 / 240;

    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        sum = sum * square + factors[i];
    return sum * square;
}

/* For t > -DIVERGENCE_NEAR. */
static inline struct divergence_term divergence_term_near(double large, double t)
{
    const double g = t * t * divergence_second_order(t), e = t + g;

    return (struct divergence_term){
        .towards = large * g,
        .back = large * (e * t - g),
        .jsd = (large + large * e / 2) * divergence_phi(e / (e + 2)),
        .less = large * e,
    };
}

/* For all other t, with e = expm1(t) and log = log1p(1 + e).  Twice m phi is
 * (p + q) (ln 2 - ln(1 + e^t)) + p e^t t. */
static inline struct divergence_term divergence_term_far(double large, double t, double e,
                                                         double log)
{
    return (struct divergence_term){
        .towards = large * (e - t),
        .back = large * ((1 + e) * t - e),
        .jsd = large * ((2 + e) * (DIVERGENCE_LN2 - log) + (1 + e) * t) / 2,
        .less = large * e,
    };
}

#endif
