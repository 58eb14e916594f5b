/* lanes.h - the reduction of a row in plain C.
 *
 * With reduction.h this is the specification (docs/numerics.md): a kernel for other instructions
 * must give the same bits.  The order of operations determines the bits.  Every fused multiply-add
 * is written as fma(), and nothing else is fused. */
#ifndef CORE_KERNELS_LANES_H
#define CORE_KERNELS_LANES_H

#include "core/dd_real.h"
#include "core/kernels/blocks.h"
#include "core/kernels/others.h"
#include "core/kernels/reduction.h"
#include "core/kernels/spread.h"
#include "core/real.h"

/* Whether no logit is NaN or +inf. */
static bool block_check(const double *block, size_t start, size_t count, struct row_fault *fault)
{
    bool good = true;

    for (size_t i = 0; i < count; i++)
        good &= block[i] < HUGE_VAL; /* also false for NaN */
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

/* Fill the chunk with masks from the end of the row on. */
static size_t block_pad(double *block, size_t count)
{
    const size_t padded = (count + CHUNK - 1) / CHUNK * CHUNK;

    for (size_t i = count; i < padded; i++)
        block[i] = -HUGE_VAL;
    return padded;
}

/* The sum of each lane over rows of lanes that are `apart`: neighbours first, then neighbours of
 * these, ...  It is left in the first LANES of `term`. */
static void chunk_fold(double *term, size_t apart)
{
    for (; apart < CHUNK; apart *= 2)
        for (size_t i = 0; i < CHUNK; i += 2 * apart)
            for (size_t l = 0; l < LANES; l++)
                term[i + l] += term[i + apart + l];
}

/* The first level of the fold is a fused multiply-add. */
static void chunk_add_moments(struct reduction *reduction, const struct exponential *e)
{
    double moment[CHUNK];

    for (size_t i = 0; i < CHUNK; i += 2 * LANES)
        for (size_t l = i; l < i + LANES; l++)
            moment[l] = fma(e[l + LANES].value, e[l + LANES].exponent, e[l].value * e[l].exponent);
    chunk_fold(moment, 2 * LANES);
    for (size_t l = 0; l < LANES; l++)
        sums_add(&reduction->moments, l, moment[l]);
}

/* The same of the first level. */
static void chunk_add_variation(struct reduction *reduction, const double *chunk,
                                const struct exponential *e)
{
    struct variation *variation = &reduction->variation;
    const double floor = reduction->floor, centre = variation->centre;
    double first[CHUNK], square[CHUNK], apart[CHUNK], collision[CHUNK];

    for (size_t i = 0; i < CHUNK; i++) {
        const size_t other = i + LANES;
        double t, u, et, eu;

        variation->count += chunk[i] > -HUGE_VAL;
        if (i / LANES % 2 == 1)
            continue;
        t = variation_apart(chunk[i], floor, centre);
        u = variation_apart(chunk[other], floor, centre);
        et = e[i].value * t;
        eu = e[other].value * u;
        first[i] = et + eu;
        square[i] = fma(eu, u, et * t);
        apart[i] = variation_apart(chunk[i], -DBL_MAX, centre)
                   + variation_apart(chunk[other], -DBL_MAX, centre);
        collision[i] = fma(e[other].value, e[other].value, e[i].value * e[i].value);
    }
    chunk_fold(first, 2 * LANES);
    chunk_fold(square, 2 * LANES);
    chunk_fold(apart, 2 * LANES);
    chunk_fold(collision, 2 * LANES);
    for (size_t l = 0; l < LANES; l++) {
        free_sums_add(&variation->first, l, first[l]);
        free_sums_add(&variation->square, l, square[l]);
        free_sums_add(&variation->apart, l, apart[l]);
        sums_add(&variation->collision, l, collision[l]);
    }
}

/* Add the terms of measured logits, chunk + low. */
static void chunk_add(struct reduction *reduction, const double *chunk, const double *low)
{
    struct exponential e[CHUNK];
    double term[CHUNK];

    for (size_t i = 0; i < CHUNK; i++) {
        e[i] = exponential_of(reduction, chunk[i], low[i]);
        term[i] = e[i].value;
    }
    chunk_fold(term, LANES);
    for (size_t l = 0; l < LANES; l++)
        sums_add(&reduction->terms, l, term[l]);
    if (reduction->wants_entropy)
        chunk_add_moments(reduction, e);
    if (reduction->wants_variation)
        chunk_add_variation(reduction, chunk, e);
}

/* Update the largest logits with those of a block.  A new winner is removed from the block, so that
 * the sum never contains the winner.  Returns the old winner, or -inf if there is no new one. */
static double block_winner(struct reduction *reduction, double *block, size_t start, size_t padded)
{
    const double max = block_max(block, padded), old = reduction->max;
    double rest = max;
    size_t winner = 0;

    if (max > old) {
        while (block[winner] != max)
            winner++;
        block[winner] = -HUGE_VAL;
        reduction->max = max + 0.0; /* 0 if it is -0 */
        reduction->argmax = start + winner;
        rest = block_max(block, padded);
        rest = old > rest ? old : rest;
    }
    reduction->second = rest > reduction->second ? rest : reduction->second;
    return max > old ? old : -HUGE_VAL;
}

static void chunk_measure(const struct reduction *reduction, const double *logits, double *chunk,
                          double *low)
{
    const struct capper capper = reduction->capper;
    struct dd x;

    for (size_t i = 0; i < CHUNK; i++) {
        x = reduction->capped ? capper_run(&capper, logits[i]) : measured(reduction, logits[i]);
        chunk[i] = x.hi;
        low[i] = x.lo;
    }
}

static void block_add(struct reduction *reduction, const double *block, size_t padded)
{
    double chunk[CHUNK], low[CHUNK];

    if (reduction->second == -HUGE_VAL)
        return; /* only masks and the winner so far */
    for (size_t start = 0; start < padded; start += CHUNK) {
        chunk_measure(reduction, block + start, chunk, low);
        chunk_add(reduction, chunk, low);
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

/* The second largest logit of a row (counted with repetition).  False, with *fault set, for a
 * fault. */
static bool row_second(const struct row *row, double *second, struct row_fault *fault)
{
    double block[BLOCK], max = -HUGE_VAL;

    *second = -HUGE_VAL;
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);

        block_widen(row, start, count, block);
        if (!block_check(block, start, count, fault))
            return false;
        for (size_t i = 0; i < count; i++) {
            const double lesser = block[i] > max ? max : block[i];

            *second = lesser > *second ? lesser : *second;
            max = block[i] > max ? block[i] : max;
        }
    }
    return true;
}

/* Reduce a wide row: N is chosen once, for its second largest logit.  If that logit is itself too
 * large, or there is a softcap, it is subtracted from all logits. */
static enum outcome reduce_wide(struct reduction *reduction, unsigned wants,
                                struct row_fault *fault)
{
    const struct row *row = reduction->row;
    const struct transform *transform = reduction->transform;
    double second;

    if (!row_second(row, &second, fault))
        return FAULTY;
    reduction_init(reduction, row, transform, wants);
    if (second == -HUGE_VAL)
        return reduce_blocks(reduction, fault);
    reduction->second = second;
    if (transform->softcap > 0 || !origin_place(reduction)) { /* not capped: it is never wide */
        reduction->shift = second;
        reduction->reference = reference_make(transform, second);
        origin_set(reduction, 0);
    }
    reduction->preset = true;
    return reduce_blocks(reduction, fault);
}

/* What the dropped part of L adds to m L - N.  A term d bits below the second largest logit is off
 * by d times the part, relatively.  The weighted mean of d is at least 0 and at most log2(n / S), n
 * the number of terms and S their sum in units of the largest, because an entropy is at most
 * log2 n.  The sum is corrected for the middle of that. */
static double dropped_exponent(const struct reduction *reduction, double above, double sum)
{
    const double second = measured(reduction, reduction->second).hi;
    const double unit = second * reduction->scale.hi - reduction->origin;
    const double most = real_log((double)reduction->row->width / sum) / LN2 + unit;
    const double mean = most > 0 ? most / 2 : 0;

    return reduction->dropped * (above + mean / reduction->scale.hi);
}

/* R = S 2^(N - m L), and the entropy log1p(R) + ((m L - N) S - U) 2^(N - m L) ln 2 / (1 + R). */
static void sums_finish(const struct reduction *reduction, double above, struct row_stats *stats)
{
    const struct dd ln2 = {LN2, LN2_REST}, max = measured(reduction, reduction->max);
    const struct dd distance = dd_add_double(dd_mul(max, reduction->scale), -reduction->origin);
    const struct dd sum = sums_total(&reduction->terms);
    const struct dd bits = dd_add_double(distance, dropped_exponent(reduction, above, sum.hi));
    int exponent;
    const struct dd factor = dd_exp_scaled(dd_neg(dd_mul(bits, ln2)), &exponent);
    const struct dd rest = dd_mul(sum, factor);

    stats->rest = (struct dd){ldexp(rest.hi, exponent), ldexp(rest.lo, exponent)};
    stats->log_sum = dd_log1p(stats->rest);
    if (reduction->wants_entropy) {
        const struct dd below = dd_sub(dd_mul(distance, sum), sums_total(&reduction->moments));
        const struct dd part =
            dd_div(dd_mul(dd_mul(below, ln2), factor), dd_add_double(stats->rest, 1));

        stats->entropy = dd_add_double(stats->log_sum, ldexp(part.hi, exponent)).hi;
    }
}

static void reduction_finish(const struct reduction *reduction, unsigned wants, again_f *again,
                             struct row_stats *stats)
{
    double above = HUGE_VAL;

    *stats = (struct row_stats){.max = reduction->max,
                                .argmax = reduction->argmax,
                                .second = reduction->second
                                          + 0.0}; /* of 0 and -0, which are equal, always 0 */
    if (reduction->second != -HUGE_VAL)
        above = measured(reduction, reduction->max).hi - measured(reduction, reduction->second).hi;
    if (above * reduction->scale.hi < 1200) /* else the sum of even 2^20 terms is 0 */
        sums_finish(reduction, above, stats);
    if (wants & ROW_VARIATION)
        variation_set(reduction, wants, again, stats);
    if (wants & ROW_SPREAD)
        spread_set(reduction->row, reduction->transform, stats);
}

static void lanes_again(struct reduction *reduction)
{
    struct row_fault none;

    reduce_blocks(reduction, &none);
}

static bool lanes_reduce(const struct row *row, const struct transform *transform, unsigned wants,
                         struct row_stats *stats, struct row_fault *fault)
{
    struct reduction reduction;
    enum outcome outcome = WIDE;

    reduction_init(&reduction, row, transform, wants);
    if (transform->softcap == 0 || reduction.capped)
        outcome = reduce_blocks(&reduction, fault);
    if (outcome == WIDE)
        outcome = reduce_wide(&reduction, wants, fault);
    if (outcome == FAULTY)
        return false;
    if (reduction.max == -HUGE_VAL) {
        *fault = (struct row_fault){ROW_MASKED, 0};
        return false;
    }
    reduction_finish(&reduction, wants, lanes_again, stats);
    return true;
}

#endif
