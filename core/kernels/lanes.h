/* lanes.h - the reduction of a row in plain C.
 *
 * With reduction.h this is the specification (docs/numerics.md): a kernel for other instructions
 * must give the same bits.  The order of operations determines the bits.  Every fused multiply-add
 * is written as fma(), and nothing else is fused. */
#ifndef CORE_KERNELS_LANES_H
#define CORE_KERNELS_LANES_H

#include "core/kernels/reduction.h"

static double softcapped(double logit, double cap)
{
    return logit == -HUGE_VAL ? logit : cap * real_tanh(logit / cap); /* a mask stays a mask */
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
        good &= block[i] < HUGE_VAL; /* also false for NaN */
    for (size_t i = 0; !good && i < count; i++) {
        if (block[i] < HUGE_VAL)
            continue;
        *fault = (struct row_fault){block[i] != block[i] ? ROW_NAN : ROW_INFINITE, start + i};
        return false;
    }
    return true;
}

/* Shift and scale the logits of a block; only wide rows and extreme temperatures need it. */
static void block_measure(const struct reduction *reduction, size_t count, double *block)
{
    if (reduction->shift != 0 || reduction->unit != 1)
        for (size_t i = 0; i < count; i++)
            block[i] = measured(reduction, block[i]);
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

/* Each lane is a chain of CHUNK / LANES terms.  Then lanes l and l + 8 are added, and the result is
 * added to sum l. */
static void chunk_add(struct reduction *reduction, const double *chunk)
{
    const double scale = reduction->scale, base = reduction->base;
    double lane[LANES] = {0};

    for (size_t i = 0; i < CHUNK; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            const double x = clamped(reduction, chunk[i + l]);
            const double rounded = fma(x, scale, base), whole = rounded - base;

            lane[l] += power_of(rounded) * poly(fma(x, scale, -whole));
        }
    }
    for (size_t l = 0; l < FOLDED; l++)
        sums_add(&reduction->terms, l, lane[l] + lane[l + FOLDED]);
}

/* The sum of e (x L - N), in the same lanes.  x L - N is a whole number of sixteenths plus the r of
 * e. */
static void chunk_add_moment(struct reduction *reduction, const double *chunk)
{
    const double scale = reduction->scale, base = reduction->base;
    double lane[LANES] = {0};

    for (size_t i = 0; i < CHUNK; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            const double x = clamped(reduction, chunk[i + l]);
            const double rounded = fma(x, scale, base), whole = rounded - base;
            const double r = fma(x, scale, -whole), term = power_of(rounded) * poly(r);

            lane[l] = fma(term, (rounded - ROUNDER) + r, lane[l]);
        }
    }
    for (size_t l = 0; l < FOLDED; l++)
        sums_add(&reduction->moments, l, lane[l] + lane[l + FOLDED]);
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

static void block_add(struct reduction *reduction, const double *block, size_t padded)
{
    if (reduction->second == -HUGE_VAL)
        return; /* only masks and the winner so far */
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
        block_measure(reduction, padded, block);
        block_add(reduction, block, padded);
    }
    return REDUCED;
}

/* The second largest logit of a row (counted with repetition).  False, with *fault set, for a
 * fault. */
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

/* Reduce a wide row: N is chosen once, for its second largest logit.  If that logit is itself too
 * large, it is subtracted from all logits. */
static enum outcome reduce_wide(struct reduction *reduction, unsigned wants,
                                struct row_fault *fault)
{
    const struct row *row = reduction->row;
    const struct transform *transform = reduction->transform;
    double second, exponent;

    if (!row_second(row, transform, &second, fault))
        return FAULTY;
    reduction_init(reduction, row, transform, wants);
    exponent = measured(reduction, second) * reduction->scale;
    reduction->preset = true;
    reduction->shift = fabs(exponent) <= WIDE_AT ? 0 : second;
    origin_set(reduction, reduction->shift == 0 ? rint(exponent) : 0);
    return reduce_blocks(reduction, fault);
}

/* The sum of (m - x) unit, after m is known: all terms are >= 0.  +inf if a logit is masked;
 * infinite or NaN if the sum is beyond doubles. */
static double distances(const struct reduction *reduction, double unit)
{
    const struct row *row = reduction->row;
    struct sums total = {{0}, {0}};
    double block[BLOCK];

    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);
        double lane[LANES] = {0};

        block_widen(row, start, count, block);
        block_softcap(reduction->transform, count, block);
        for (size_t i = 0; i < count; i++) {
            if (block[i] == -HUGE_VAL)
                return HUGE_VAL;
            lane[i % LANES] += reduction->max * unit - block[i] * unit;
        }
        for (size_t l = 0; l < LANES; l++)
            sums_add(&total, l % FOLDED, lane[l]);
    }
    return sums_total(&total);
}

static void spread_set(const struct reduction *reduction, struct row_stats *stats)
{
    stats->spread = distances(reduction, 1) / reduction->transform->temperature;
    if (isfinite(stats->spread))
        return;
    stats->spread = HUGE_VAL;
    stats->far = distances(reduction, ROW_FAR);
}

static void reduction_finish(const struct reduction *reduction, unsigned wants,
                             struct row_stats *stats)
{
    const double second = measured(reduction, reduction->second);
    const double gap = (second - measured(reduction, reduction->max)) * reduction->scale;

    *stats = (struct row_stats){.max = reduction->max, .argmax = reduction->argmax};
    if (gap > -1200) { /* else the sum of even 2^20 terms is 0 */
        const struct ending ending = ending_of(reduction);
        const double sum = sums_total(&reduction->terms);

        stats->rest = ldexp(sum * ending.factor, ending.exponent);
        if (reduction->wants_entropy) {
            const double moment = sums_total(&reduction->moments);
            const double below = fma(ending.distance, sum, -moment) * LN2;

            stats->entropy = real_log1p(stats->rest)
                             + ldexp(below * ending.factor, ending.exponent) / (1 + stats->rest);
        }
    }
    if (wants & ROW_SPREAD)
        spread_set(reduction, stats);
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
