/* lanes.h - the reduction of a row, once, for every kernel that is plain C.
 *
 * This is the specification (docs/numerics.md): a kernel for other instructions must give the same
 * bits.  What fixes them is the order of operations: logits are widened to double and go by blocks
 * of 2,048, chunks of 256 and 16 lanes (lane = index mod 16), all counted from the start of the
 * row; every fused multiply-add is written as fma(), and nothing else is fused.
 *
 * No maximum is subtracted: 2^(x L - N), L = log2(e) / T, is computed for an integer N, so that x L
 * needs no rounding of its own, and a change of N is an exact scaling. */
#ifndef CORE_KERNELS_LANES_H
#define CORE_KERNELS_LANES_H

#include "core/kernel.h"
#include "core/real.h"

#include <math.h>
#include <string.h>

#define LANES 16
#define CHUNK ((size_t)256)
#define BLOCK ((size_t)2048)
#define FOLDED (LANES / 2)

/* N is raised when the largest logit of the sum lies further above it; what lies further below than
 * the floor counts as the floor: 2^20 terms of 2^-256 are below 2^-230 of the sum. */
#define RAISE_AT 32.0
#define FLOOR_AT 256.0

/* Beyond this x L is no longer exact to the last bit: such rows are shifted. */
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
static inline double poly(double r)
{
    double p = 0x1.430cbb59a53f4p-13;

    p = fma(p, r, 0x1.5d89c0bb7649ep-10);
    p = fma(p, r, 0x1.3b2ab6f894503p-7);
    p = fma(p, r, 0x1.c6b08d6e85546p-5);
    p = fma(p, r, 0x1.ebfbdff82c5b1p-3);
    p = fma(p, r, 0x1.62e42fefa39fdp-1);
    return fma(p, r, 1.0);
}

/* A sum as hi + lo, |lo| far below hi. */
struct pair {
    double hi, lo;
};

/* Add by Knuth's exact two-sum. */
static inline void pair_add(struct pair *pair, double term)
{
    const double sum = pair->hi + term, back = sum - pair->hi;

    pair->lo += (pair->hi - (sum - back)) + (term - back);
    pair->hi = sum;
}

static inline void pair_merge(struct pair *pair, const struct pair *other)
{
    pair_add(pair, other->hi);
    pair->lo += other->lo;
}

/* Sums of e = 2^(x L - N) and of e (x L - N), over all logits so far but the winner. */
struct sums {
    struct pair term[FOLDED + 1]; /* the last one: winners that were overtaken */
    struct pair moment[FOLDED + 1];
};

struct reduction {
    const struct row *row;
    const struct transform *transform;
    bool wants_entropy;

    double shift;  /* taken from every logit; 0 but for wide rows */
    double scale;  /* L */
    double origin; /* N */
    bool placed;   /* N has been chosen */
    bool preset;   /* ... for the whole row */
    double base;   /* ROUNDER - N */
    double floor;  /* the logit that stands for everything below it */

    double max;    /* the winner m */
    size_t argmax; /* its first index */
    double second; /* the largest other logit so far */
    struct sums sums;
};

static double softcapped(double logit, double cap)
{
    return logit == -HUGE_VAL ? logit : cap * real_tanh(logit / cap); /* a mask stays one */
}

/* Widen logits `start` to start + count of the row. */
static void block_widen(const struct row *row, size_t start, size_t count, double *out)
{
    dtype_widen(row->dtype, (const char *)row->data + start * dtype_size(row->dtype), count, out);
}

static void block_softcap(const struct transform *transform, size_t count, double *block)
{
    if (transform->softcap > 0)
        for (size_t i = 0; i < count; i++)
            block[i] = softcapped(block[i], transform->softcap);
}

static size_t block_length(const struct row *row, size_t start)
{
    return row->width - start < BLOCK ? row->width - start : BLOCK;
}

/* Whether no logit is NaN or +inf. */
static bool block_check(const double *block, size_t start, size_t count, struct row_fault *fault)
{
    bool good = true;

    for (size_t i = 0; i < count; i++)
        good &= block[i] < HUGE_VAL; /* false for NaN, too */
    for (size_t i = 0; !good && i < count; i++) {
        if (block[i] < HUGE_VAL)
            continue;
        *fault = (struct row_fault){block[i] != block[i] ? ROW_NAN : ROW_INFINITE, start + i};
        return false;
    }
    return true;
}

/* The largest logit of a block without NaN; its size is a multiple of LANES. */
static double block_max(const double *block, size_t count)
{
    double best[LANES], max;

    memcpy(best, block, sizeof best);
    for (size_t i = LANES; i < count; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            best[lane] = block[i + lane] > best[lane] ? block[i + lane] : best[lane];
    max = best[0];
    for (size_t lane = 1; lane < LANES; lane++)
        max = best[lane] > max ? best[lane] : max;
    return max;
}

/* Past the end of the row, up to the end of the chunk, there are masks. */
static size_t block_pad(double *block, size_t count)
{
    const size_t padded = (count + CHUNK - 1) / CHUNK * CHUNK;

    for (size_t i = count; i < padded; i++)
        block[i] = -HUGE_VAL;
    return padded;
}

static inline double clamped(const struct reduction *reduction, double logit)
{
    const double x = logit - reduction->shift;

    return x < reduction->floor ? reduction->floor : x;
}

/* A lane is a chain of CHUNK / LANES terms; then lane l and lane l + 8 are added, and the result
 * goes into pair l. */
static void chunk_add(struct reduction *reduction, const double *chunk)
{
    const double scale = reduction->scale, base = reduction->base;
    double lane[LANES] = {0};

    for (size_t i = 0; i < CHUNK; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            const double x = clamped(reduction, chunk[i + l]);
            const double rounded = fma(x, scale, base), whole = rounded - base;

            lane[l] = fma(power_of(rounded), poly(fma(x, scale, -whole)), lane[l]);
        }
    }
    for (size_t l = 0; l < FOLDED; l++)
        pair_add(&reduction->sums.term[l], lane[l] + lane[l + FOLDED]);
}

/* e (x L - N), in the same lanes. */
static void chunk_add_moment(struct reduction *reduction, const double *chunk)
{
    const double scale = reduction->scale, base = reduction->base, origin = reduction->origin;
    double lane[LANES] = {0};

    for (size_t i = 0; i < CHUNK; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            const double x = clamped(reduction, chunk[i + l]);
            const double rounded = fma(x, scale, base), whole = rounded - base;
            const double term = power_of(rounded) * poly(fma(x, scale, -whole));

            lane[l] = fma(term, fma(x, scale, -origin), lane[l]);
        }
    }
    for (size_t l = 0; l < FOLDED; l++)
        pair_add(&reduction->sums.moment[l], lane[l] + lane[l + FOLDED]);
}

/* A winner that was overtaken joins the sum. */
static void demote(struct reduction *reduction, double logit)
{
    const double x = clamped(reduction, logit);
    const double rounded = fma(x, reduction->scale, reduction->base);
    const double whole = rounded - reduction->base;
    const double term = power_of(rounded) * poly(fma(x, reduction->scale, -whole));

    pair_add(&reduction->sums.term[FOLDED], term);
    pair_add(&reduction->sums.moment[FOLDED], term * fma(x, reduction->scale, -reduction->origin));
}

static void origin_set(struct reduction *reduction, double origin)
{
    reduction->origin = origin;
    reduction->base = ROUNDER - origin;
    reduction->floor = (origin - FLOOR_AT) / reduction->scale;
    reduction->placed = true;
}

/* Express the sums by a larger N: e shrinks by an exact power of two, x L - N by the difference. */
static void origin_raise(struct reduction *reduction, double origin)
{
    const double rise = origin - reduction->origin;
    const double factor = rise < 1000 ? ldexp(1, -(int)rise) : 0;

    for (size_t l = 0; l <= FOLDED; l++) {
        struct pair *term = &reduction->sums.term[l], *moment = &reduction->sums.moment[l];

        moment->hi = fma(-rise, term->hi, moment->hi) * factor;
        moment->lo = fma(-rise, term->lo, moment->lo) * factor;
        term->hi *= factor;
        term->lo *= factor;
    }
    origin_set(reduction, origin);
}

/* Place N for the largest logit of the sum; false where it is beyond WIDE_AT. */
static bool origin_place(struct reduction *reduction)
{
    const double exponent = (reduction->second - reduction->shift) * reduction->scale;

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

/* Note the largest logits of a block.  A new winner is taken out of it, so that the sum never
 * contains the winner and never has to lose it again; the old one is returned, else -inf. */
static double block_winner(struct reduction *reduction, double *block, size_t start, size_t padded)
{
    const double max = block_max(block, padded), old = reduction->max;
    double rest = max;
    size_t winner = 0;

    if (max > old) {
        while (block[winner] != max)
            winner++;
        block[winner] = -HUGE_VAL;
        reduction->max = max;
        reduction->argmax = start + winner;
        rest = block_max(block, padded);
        rest = old > rest ? old : rest;
    }
    reduction->second = rest > reduction->second ? rest : reduction->second;
    return max > old ? old : -HUGE_VAL;
}

static void block_add(struct reduction *reduction, const double *block, size_t padded)
{
    if (reduction->second == -HUGE_VAL)
        return; /* nothing but masks and the winner so far */
    for (size_t i = 0; i < padded; i += CHUNK) {
        chunk_add(reduction, block + i);
        if (reduction->wants_entropy)
            chunk_add_moment(reduction, block + i);
    }
}

enum outcome { REDUCED, FAULTY, WIDE };

static enum outcome reduce_blocks(struct reduction *reduction, struct row_fault *fault)
{
    double block[BLOCK];

    for (size_t start = 0; start < reduction->row->width; start += BLOCK) {
        const size_t count = block_length(reduction->row, start);
        size_t padded;
        double overtaken;

        block_widen(reduction->row, start, count, block);
        if (!block_check(block, start, count, fault))
            return FAULTY;
        block_softcap(reduction->transform, count, block);
        padded = block_pad(block, count);
        overtaken = block_winner(reduction, block, start, padded);
        if (!origin_place(reduction))
            return WIDE;
        if (overtaken != -HUGE_VAL)
            demote(reduction, overtaken);
        block_add(reduction, block, padded);
    }
    return REDUCED;
}

static void reduction_init(struct reduction *reduction, const struct row *row,
                           const struct transform *transform, unsigned wants)
{
    *reduction = (struct reduction){.row = row,
                                    .transform = transform,
                                    .wants_entropy = (wants & ROW_ENTROPY) != 0,
                                    .scale = transform->scale_hi,
                                    .max = -HUGE_VAL,
                                    .second = -HUGE_VAL};
}

/* The second largest logit of a row (with repetition), and whether the row is good. */
static bool row_second(const struct row *row, const struct transform *transform, double *second,
                       struct row_fault *fault)
{
    double block[BLOCK], max = -HUGE_VAL;

    *second = -HUGE_VAL;
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        if (!block_check(block, start, count, fault))
            return false;
        block_softcap(transform, count, block);
        for (size_t i = 0; i < count; i++) {
            const double lesser = block[i] > max ? max : block[i];

            *second = lesser > *second ? lesser : *second;
            max = block[i] > max ? block[i] : max;
        }
    }
    return true;
}

/* A wide row, again: N is placed once for its second largest logit, from which all logits are
 * counted if it is too large itself. */
static enum outcome reduce_wide(struct reduction *reduction, unsigned wants,
                                struct row_fault *fault)
{
    const struct row *row = reduction->row;
    const struct transform *transform = reduction->transform;
    double second, exponent;

    if (!row_second(row, transform, &second, fault))
        return FAULTY;
    reduction_init(reduction, row, transform, wants);
    exponent = second * reduction->scale;
    reduction->preset = true;
    reduction->shift = fabs(exponent) <= WIDE_AT ? 0 : second;
    origin_set(reduction, reduction->shift == 0 ? rint(exponent) : 0);
    return reduce_blocks(reduction, fault);
}

/* Sums of the pairs, in order. */
static double pairs_total(const struct pair *pairs)
{
    struct pair total = pairs[0];

    for (size_t l = 1; l <= FOLDED; l++)
        pair_merge(&total, &pairs[l]);
    return total.hi + total.lo;
}

/* What turns 2^(x L - N) into exp((x - m) / T): 2^factor_exponent * factor.  The part of L that its
 * double leaves out counts for the distance between the winner and the rest. */
struct ending {
    double factor;
    int exponent;
    double distance; /* m L - N */
};

static struct ending ending_of(const struct reduction *reduction)
{
    const struct transform *transform = reduction->transform;
    const double max = reduction->max - reduction->shift, scale = reduction->scale;
    const double second = reduction->second - reduction->shift;
    const double whole = rint(max * scale * 16) / 16;
    const double r = fma(-max, scale, whole) + (second - max) * transform->scale_lo;
    const double sixteenths = (reduction->origin - whole) * 16;
    const double power = power_of(ROUNDER + (sixteenths - 16 * floor(sixteenths / 16)) / 16);

    return (struct ending){power * poly(r), (int)floor(sixteenths / 16),
                           fma(max, scale, -reduction->origin)};
}

/* Sum of (m - x) / T: once m is known, all terms are >= 0. */
static double row_spread(const struct reduction *reduction)
{
    const struct row *row = reduction->row;
    struct pair total[FOLDED + 1] = {{0, 0}};
    double block[BLOCK];

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);
        double lane[LANES] = {0};

        block_widen(row, start, count, block);
        block_softcap(reduction->transform, count, block);
        for (size_t i = 0; i < count; i++) {
            if (block[i] == -HUGE_VAL)
                return HUGE_VAL;
            lane[i % LANES] += reduction->max - block[i];
        }
        for (size_t l = 0; l < LANES; l++)
            pair_add(&total[l % FOLDED], lane[l]);
    }
    return pairs_total(total) / reduction->transform->temperature;
}

static void reduction_finish(const struct reduction *reduction, unsigned wants,
                             struct row_stats *stats)
{
    const double gap = (reduction->second - reduction->max) * reduction->scale;

    *stats = (struct row_stats){.max = reduction->max, .argmax = reduction->argmax};
    if (gap > -1200) { /* else even 2^20 terms are 0 */
        const struct ending ending = ending_of(reduction);
        const double sum = pairs_total(reduction->sums.term);

        stats->rest = ldexp(sum * ending.factor, ending.exponent);
        if (reduction->wants_entropy) {
            const double moment = pairs_total(reduction->sums.moment);
            const double below = fma(ending.distance, sum, -moment) * LN2;

            stats->entropy = real_log1p(stats->rest)
                             + ldexp(below * ending.factor, ending.exponent) / (1 + stats->rest);
        }
    }
    if (wants & ROW_SPREAD)
        stats->spread = row_spread(reduction);
}

static bool lanes_reduce(const struct row *row, const struct transform *transform, unsigned wants,
                         struct row_stats *stats, struct row_fault *fault)
{
    struct reduction reduction;
    enum outcome outcome;

    reduction_init(&reduction, row, transform, wants);
    outcome = reduce_blocks(&reduction, fault);
    if (outcome == WIDE)
        outcome = reduce_wide(&reduction, wants, fault);
    if (outcome == FAULTY)
        return false;
    if (reduction.max == -HUGE_VAL) {
        *fault = (struct row_fault){ROW_MASKED, 0};
        return false;
    }
    reduction_finish(&reduction, wants, stats);
    return true;
}

#endif
