/* diverge.h - the divergences of a block of tokens of two rows, in plain C that compilers turn into
 * vectors: each step is a loop of its own over the block.
 *
 * The operations of a token, and their order, are those of core/divergence.c, which takes one token
 * at a time and is the specification.  So the bits are the same. */
#ifndef CORE_KERNELS_DIVERGE_H
#define CORE_KERNELS_DIVERGE_H

#include "core/dd_exp.h"
#include "core/divergence_terms.h"
#include "core/kernel.h"
#include "core/real_exp.h"
#include "core/real_log.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A distance that is above this many nats is left to the specification: e^-distance is below it a
 * normal double. */
#define TWINS_APART 700

/* A block of tokens. */
struct twin_tokens {
    double t[TWINS_BLOCK];           /* -|ln(q / p)| */
    struct dd exponent[TWINS_BLOCK]; /* ln of the larger probability, without the inverse */
    double large[TWINS_BLOCK];       /* the larger probability */
    int64_t up[TWINS_BLOCK];         /* whether the second row has it */
};

/* What each token adds to the sums. */
struct twin_terms {
    double of[DIVERGENCE_SUMS][TWINS_BLOCK];
};

/* m - x in the units of the differences. */
static inline struct dd twin_gap(const struct twins *twins, size_t which, double x)
{
    const struct dd gap = dd_sum(twins->max[which], -x);

    return (struct dd){gap.hi * twins->unit, gap.lo * twins->unit};
}

/* False: a token is too far from the largest one of its row. */
static inline bool twins_subtract(const struct twins *twins, const double *a, const double *b,
                                  size_t count, struct twin_tokens *tokens)
{
    const double most = TWINS_APART * twins->temperature;
    int64_t far = 0;

    for (size_t i = 0; i < count; i++) {
        const struct dd gap_a = twin_gap(twins, 0, a[i]), gap_b = twin_gap(twins, 1, b[i]);
        const struct dd apart = dd_div_double(dd_sub(gap_a, gap_b), twins->temperature);
        const double r = dd_sub(apart, twins->shift).hi;
        const struct dd least = {r > 0 ? gap_b.hi : gap_a.hi, r > 0 ? gap_b.lo : gap_a.lo};

        far |= gap_a.hi < most ? 0 : 1;
        far |= gap_b.hi < most ? 0 : 1;
        tokens->t[i] = -fabs(r);
        tokens->exponent[i] = dd_neg(dd_div_double(least, twins->temperature));
        tokens->up[i] = r > 0 ? 1 : 0;
    }
    return far == 0;
}

/* The steps of dd_exp_scaled(), and the probabilities. */
static inline void twins_exp(const struct twins *twins, size_t count, struct twin_tokens *tokens)
{
    struct dd p[TWINS_BLOCK], root[TWINS_BLOCK];
    double power[TWINS_BLOCK];
    int n[TWINS_BLOCK];

    for (size_t i = 0; i < count; i++)
        p[i] = dd_expm1_reduced(dd_exp_reduce(tokens->exponent[i], &n[i]));
    for (size_t i = 0; i < count; i++) {
        int exponent;
        uint64_t bits;

        root[i] = dd_exp_root(n[i], &exponent);
        bits = (uint64_t)(exponent + 1023) << 52;
        memcpy(&power[i], &bits, sizeof power[i]);
    }
    for (size_t i = 0; i < count; i++)
        tokens->large[i] =
            dd_exp_times(root[i], p[i]).hi * twins->inverse[tokens->up[i]] * power[i];
}

static inline void twin_put(struct twin_terms *terms, size_t i, bool up,
                            const struct divergence_term *term)
{
    terms->of[SUM_KL_AB][i] = up ? term->back : term->towards;
    terms->of[SUM_KL_BA][i] = up ? term->towards : term->back;
    terms->of[SUM_JSD][i] = term->jsd;
    terms->of[SUM_VARIATION][i] = -term->less;
    terms->of[SUM_EXCESS][i] = up ? -term->less : term->less;
}

/* All terms by their series; then those that are far, as they are. */
static inline void twins_terms(const struct twin_tokens *tokens, size_t count,
                               struct twin_terms *terms)
{
    for (size_t i = 0; i < count; i++) {
        const struct divergence_term term = divergence_term_near(tokens->large[i], tokens->t[i]);

        twin_put(terms, i, tokens->up[i], &term);
    }
    for (size_t i = 0; i < count; i++) {
        const double t = tokens->t[i];

        if (t <= -DIVERGENCE_NEAR) {
            const double e = expm1_below_39(t);
            const struct divergence_term term =
                divergence_term_far(tokens->large[i], t, e, log1p_finite(1 + e));

            twin_put(terms, i, tokens->up[i], &term);
        }
    }
}

static bool lanes_diverge(const struct twins *twins, const double *a, const double *b, size_t count,
                          double *sums)
{
    struct twin_tokens tokens;
    struct twin_terms terms;

    if (!twins_subtract(twins, a, b, count, &tokens))
        return false;
    twins_exp(twins, count, &tokens);
    twins_terms(&tokens, count, &terms);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < DIVERGENCE_SUMS; k++)
            sums[k] += terms.of[k][i];
    return true;
}

#endif
