/* reduction.h - the state of a reduction and its steps, shared by all kernels.
 *
 * Logits are widened to double, and processed in blocks of 2,048, chunks of 128 and 16 lanes (lane
 * = index mod 16), all counted from the start of the row.
 *
 * The maximum is not subtracted.  Instead 2^(x L - N), L = log2(e) / T, is computed for an integer
 * N: x L needs no rounding of its own, and a change of N scales the sum exactly. */
#ifndef CORE_KERNELS_REDUCTION_H
#define CORE_KERNELS_REDUCTION_H

#include "core/kernel.h"
#include "core/kernels/blocks.h"
#include "core/kernels/capped.h"
#include "core/kernels/variation.h"

#include <math.h>
#include <string.h>

#define CHUNK ((size_t)128)

/* A logit more than FLOOR_AT below N is replaced by that floor: 2^20 terms of 2^-256 are below
 * 2^-230 of the sum. */
#define FLOOR_AT 256.0

/* Beyond this, the rounding of x L itself would matter: such rows are wide. */
#define WIDE_AT 0x1p40

/* The low part of L is not used for terms if it is at most this times L, as for T = 1 and other
 * powers of two. */
#define NEGLIGIBLE 0x1.1p-56

/* 1.5 * 2^48: doubles around it are multiples of 1/16, so adding it rounds to those, and the low
 * bits of the sum are the sixteenths in two's complement. */
#define ROUNDER 0x1.8p48

/* The bits of 2^(j/16), less j << 48: adding sixteenths << 48 to them gives 2^(sixteenths / 16). */
static const uint64_t powers[16] = {
    0x3ff0000000000000, 0x3fefb5586cf9890f, 0x3fef72b83c7d517b, 0x3fef387a6e756238,
    0x3fef06fe0a31b715, 0x3feedea64c123422, 0x3feebfdad5362a27, 0x3feeab07dd485429,
    0x3feea09e667f3bcd, 0x3feea11473eb0187, 0x3feeace5422aa0db, 0x3feec49182a3f090,
    0x3feee89f995ad3ad, 0x3fef199bdd85529c, 0x3fef5818dcfba487, 0x3fefa4afa2a490da,
};

/* 2^(sixteenths / 16), from the bits of ROUNDER + sixteenths / 16. */
static inline double power_of(double rounded)
{
    uint64_t bits;
    double power;

    memcpy(&bits, &rounded, sizeof bits);
    bits = powers[bits & 15] + (bits << 48);
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* 2^r - 1 for |r| <= 1/32: minimax with 2^0 = 1; the error is below 8.7e-18 with these
 * coefficients. */
#define POLY_6 0x1.430cbb59a53f4p-13
#define POLY_5 0x1.5d89c0bb7649ep-10
#define POLY_4 0x1.3b2ab6f894503p-7
#define POLY_3 0x1.c6b08d6e85546p-5
#define POLY_2 0x1.ebfbdff82c5b1p-3
#define POLY_1 0x1.62e42fefa39fdp-1

static inline double poly(double r)
{
    double p = POLY_6;

    p = fma(p, r, POLY_5);
    p = fma(p, r, POLY_4);
    p = fma(p, r, POLY_3);
    p = fma(p, r, POLY_2);
    p = fma(p, r, POLY_1);
    return p * r;
}

struct reduction {
    const struct row *row;
    const struct transform *transform;
    bool wants_entropy, wants_variation;

    double shift;               /* subtracted from every logit; 0 except in wide rows */
    bool capped;                /* there is a softcap ... */
    struct capper capper;       /* ... which is applied so, and nothing is subtracted */
    struct reference reference; /* ... which is the shift */
    struct dd scale;            /* L; its low part is 0 if it is not used */
    double dropped;             /* that low part */
    double origin;              /* N */
    bool placed;                /* N has been chosen */
    bool preset;                /* ... for the whole row */
    double base;                /* ROUNDER - N */
    double floor;               /* the measured logit that replaces all below it */

    double max;    /* the winner m */
    size_t argmax; /* its first index */
    double second; /* the largest other logit so far */

    /* Over all logits so far except the winner. */
    struct sums terms;   /* of e = 2^(x L - N) */
    struct sums moments; /* of e (x L - N) */
    struct variation variation;
};

static void reduction_init(struct reduction *reduction, const struct row *row,
                           const struct transform *transform, unsigned wants)
{
    *reduction = (struct reduction){.row = row,
                                    .transform = transform,
                                    .wants_entropy = (wants & ROW_ENTROPY) != 0,
                                    .wants_variation = (wants & ROW_VARIATION) != 0,
                                    .scale = transform->scale,
                                    .max = -HUGE_VAL,
                                    .second = -HUGE_VAL};
    if (transform->softcap > 0)
        reduction->capped = capper_make(transform, &reduction->capper);
    if (fabs(transform->scale.lo) <= NEGLIGIBLE * transform->scale.hi) {
        reduction->dropped = transform->scale.lo;
        reduction->scale.lo = 0;
    }
    sums_clear(&reduction->terms);
    sums_clear(&reduction->moments);
    variation_clear(&reduction->variation);
}

/* A logit after shift, softcap and unit: the x of x L. */
static inline struct dd measured(const struct reduction *reduction, double logit)
{
    const struct transform *transform = reduction->transform;

    if (reduction->capped)
        return capper_run(&reduction->capper, logit);
    if (transform->softcap > 0 && logit != -HUGE_VAL)
        return dd_neg(reference_gap(&reduction->reference, logit, 0));
    return dd_of(transform->scaled ? (logit - reduction->shift) * transform->unit
                                   : logit - reduction->shift);
}

/* e = 2^(x L - N), and the exponent. */
struct exponential {
    double value, exponent;
};

static inline struct exponential exponential_of(const struct reduction *reduction, double x,
                                                double low)
{
    const struct dd scale = reduction->scale;
    const double at = x < reduction->floor ? reduction->floor : x;
    const double rounded = fma(at, scale.hi, reduction->base), whole = rounded - reduction->base;
    const double r = fma(low, scale.hi, fma(at, scale.lo, fma(at, scale.hi, -whole)));
    const double power = power_of(rounded);

    return (struct exponential){fma(power, poly(r), power), (rounded - ROUNDER) + r};
}

/* Add a former winner to the sum. */
static void demote(struct reduction *reduction, double logit)
{
    const struct dd x = measured(reduction, logit);
    const struct exponential e = exponential_of(reduction, x.hi, x.lo);

    sums_add(&reduction->terms, 0, e.value);
    sums_add(&reduction->moments, 0, e.value * e.exponent);
    if (reduction->wants_variation)
        variation_add(&reduction->variation, x.hi, reduction->floor, e.value);
}

static void origin_set(struct reduction *reduction, double origin)
{
    reduction->origin = origin;
    reduction->base = ROUNDER - origin;
    reduction->floor = (origin - FLOOR_AT) / reduction->scale.hi;
    reduction->placed = true;
}

/* Convert the sums to a larger N: e is multiplied by an exact power of two, x L - N shrinks by the
 * difference. */
static void origin_raise(struct reduction *reduction, double origin)
{
    const double rise = origin - reduction->origin;
    const double factor = rise < 1000 ? ldexp(1, -(int)rise) : 0;
    struct sums *terms = &reduction->terms, *moments = &reduction->moments;

    if (reduction->wants_variation)
        variation_move(&reduction->variation, terms, reduction->second, factor);
    for (size_t l = 0; l < LANES; l++) {
        const struct dd term = sums_lane(terms, l);
        const struct dd moment = dd_sub(sums_lane(moments, l), dd_mul_double(term, rise));

        sums_set(terms, l, (struct dd){term.hi * factor, term.lo * factor});
        sums_set(moments, l, (struct dd){moment.hi * factor, moment.lo * factor});
    }
    origin_set(reduction, origin);
}

/* Keep N the smallest integer that no x L of the sum exceeds.  False if it is beyond WIDE_AT. */
static bool origin_place(struct reduction *reduction)
{
    const double exponent = measured(reduction, reduction->second).hi * reduction->scale.hi;
    const double origin = -floor(-exponent);

    if (reduction->preset || reduction->second == -HUGE_VAL)
        return true;
    if (!(fabs(exponent) <= WIDE_AT))
        return false;
    if (!reduction->placed) {
        origin_set(reduction, origin);
        reduction->variation.centre = reduction->second;
    } else if (origin > reduction->origin) {
        origin_raise(reduction, origin);
    }
    return true;
}

#endif
