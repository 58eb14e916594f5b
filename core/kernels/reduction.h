/* reduction.h - the state of a reduction and its steps, shared by all kernels.
 *
 * Logits are widened to double, and processed in blocks of 2,048, chunks of 256 and 16 lanes (lane
 * = index mod 16), all counted from the start of the row.
 *
 * The maximum is not subtracted.  Instead 2^(x L - N), L = log2(e) / T, is computed for an integer
 * N: x L needs no rounding of its own, and a change of N scales the sum exactly. */
#ifndef CORE_KERNELS_REDUCTION_H
#define CORE_KERNELS_REDUCTION_H

#include "core/kernel.h"
#include "core/real.h"

#include <math.h>
#include <string.h>

#define LANES 16
#define CHUNK ((size_t)256)
#define BLOCK ((size_t)2048)
#define FOLDED (LANES / 2)

/* N is raised if x L of the largest logit of the sum exceeds it by more than RAISE_AT.  A logit
 * more than FLOOR_AT below N is replaced by that floor: 2^20 terms of 2^-256 are below 2^-230 of
 * the sum. */
#define RAISE_AT 32.0
#define FLOOR_AT 256.0

/* Beyond this, x L is no longer exact to the last bit: such rows are wide. */
#define WIDE_AT 0x1p40

#define LN2 0x1.62e42fefa39efp-1

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

/* 2^r for |r| <= 1/32: minimax with 2^0 = 1, relative error below 8.7e-18 with these coefficients.
 */
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
    return fma(p, r, 1.0);
}

/* Sums as hi + lo, |lo| far below hi: one for each pair of lanes, and one for single terms. */
struct sums {
    double hi[FOLDED + 1], lo[FOLDED + 1];
};

/* Add to sum l by Knuth's exact two-sum. */
static inline void sums_add(struct sums *sums, size_t l, double term)
{
    const double sum = sums->hi[l] + term, back = sum - sums->hi[l];

    sums->lo[l] += (sums->hi[l] - (sum - back)) + (term - back);
    sums->hi[l] = sum;
}

struct reduction {
    const struct row *row;
    const struct transform *transform;
    bool wants_entropy;

    double shift;  /* subtracted from every logit; 0 except in wide rows */
    double unit;   /* of the transform */
    double scale;  /* L */
    double origin; /* N */
    bool placed;   /* N has been chosen */
    bool preset;   /* ... for the whole row */
    double base;   /* ROUNDER - N */
    double floor;  /* the measured logit that replaces all below it */

    double max;    /* the winner m */
    size_t argmax; /* its first index */
    double second; /* the largest other logit so far */

    /* Over all logits so far except the winner.  The single terms are former winners. */
    struct sums terms;   /* of e = 2^(x L - N) */
    struct sums moments; /* of e (x L - N) */
};

static void reduction_init(struct reduction *reduction, const struct row *row,
                           const struct transform *transform, unsigned wants)
{
    *reduction = (struct reduction){.row = row,
                                    .transform = transform,
                                    .wants_entropy = (wants & ROW_ENTROPY) != 0,
                                    .unit = transform->unit,
                                    .scale = transform->scale_hi,
                                    .max = -HUGE_VAL,
                                    .second = -HUGE_VAL};
}

/* A logit after shift and scale: the x of x L. */
static inline double measured(const struct reduction *reduction, double logit)
{
    return (logit - reduction->shift) * reduction->unit;
}

static inline double clamped(const struct reduction *reduction, double x)
{
    return x < reduction->floor ? reduction->floor : x;
}

/* Add a former winner to the sum. */
static void demote(struct reduction *reduction, double logit)
{
    const double x = clamped(reduction, measured(reduction, logit));
    const double rounded = fma(x, reduction->scale, reduction->base);
    const double whole = rounded - reduction->base;
    const double term = power_of(rounded) * poly(fma(x, reduction->scale, -whole));

    sums_add(&reduction->terms, FOLDED, term);
    sums_add(&reduction->moments, FOLDED, term * fma(x, reduction->scale, -reduction->origin));
}

static void origin_set(struct reduction *reduction, double origin)
{
    reduction->origin = origin;
    reduction->base = ROUNDER - origin;
    reduction->floor = (origin - FLOOR_AT) / reduction->scale;
    reduction->placed = true;
}

/* Convert the sums to a larger N: e is multiplied by an exact power of two, x L - N shrinks by the
 * difference. */
static void origin_raise(struct reduction *reduction, double origin)
{
    const double rise = origin - reduction->origin;
    const double factor = rise < 1000 ? ldexp(1, -(int)rise) : 0;
    struct sums *terms = &reduction->terms, *moments = &reduction->moments;

    for (size_t l = 0; l <= FOLDED; l++) {
        moments->hi[l] = fma(-rise, terms->hi[l], moments->hi[l]) * factor;
        moments->lo[l] = fma(-rise, terms->lo[l], moments->lo[l]) * factor;
        terms->hi[l] *= factor;
        terms->lo[l] *= factor;
    }
    origin_set(reduction, origin);
}

/* Choose N for the largest logit of the sum.  False if it is beyond WIDE_AT. */
static bool origin_place(struct reduction *reduction)
{
    const double exponent = measured(reduction, reduction->second) * reduction->scale;

    if (reduction->preset || reduction->second == -HUGE_VAL)
        return true;
    if (!(fabs(exponent) <= WIDE_AT))
        return false;
    if (!reduction->placed)
        origin_set(reduction, rint(exponent));
    else if (exponent > reduction->origin + RAISE_AT)
        origin_raise(reduction, rint(exponent));
    return true;
}

/* All sums together, in order. */
static double sums_total(const struct sums *sums)
{
    struct sums total = {{sums->hi[0]}, {sums->lo[0]}};

    for (size_t l = 1; l <= FOLDED; l++) {
        sums_add(&total, 0, sums->hi[l]);
        total.lo[0] += sums->lo[l];
    }
    return total.hi[0] + total.lo[0];
}

/* The factor that turns 2^(x L - N) into exp((x - m) / T): 2^factor_exponent * factor.  The low
 * part of L is used for the distance between the winner and the rest. */
struct ending {
    double factor;
    int exponent;
    double distance; /* m L - N */
};

static struct ending ending_of(const struct reduction *reduction)
{
    const struct transform *transform = reduction->transform;
    const double max = measured(reduction, reduction->max), scale = reduction->scale;
    const double second = measured(reduction, reduction->second);
    const double whole = rint(max * scale * 16) / 16;
    const double r = fma(-max, scale, whole) + (second - max) * transform->scale_lo;
    const double sixteenths = (reduction->origin - whole) * 16;
    const double power = power_of(ROUNDER + (sixteenths - 16 * floor(sixteenths / 16)) / 16);

    return (struct ending){power * poly(r), (int)floor(sixteenths / 16),
                           fma(max, scale, -reduction->origin)};
}

#endif
