/* keep.h - the logits that a sampler keeps (core/sampling.h).
 *
 * Logits are put into bins (depths.h).  Of each bin the logits are counted, or their terms summed.
 * The sums are of integers: they are the same in every order (docs/numerics.md has their bound).
 * They tell the bin in which a threshold lies.  Its logits are divided by the bits of the logit
 * itself until all that are left are equal.
 *
 * What a transform keeps is a shorter row, and the next transform is applied to that. */
#ifndef CORE_KERNELS_KEEP_H
#define CORE_KERNELS_KEEP_H

#include "core/kernels/depths.h"

#include <float.h>

#define SPLIT_BITS 8 /* of a logit, by which a list is divided at once */

/* What is added up. */
enum amount { NUMBER, MASS };

struct keeping {
    struct gauge gauge;
    struct row row; /* what is kept so far */
    double *list;   /* room for 2 V logits; those that are kept come first */
    uint64_t bin[FLOOR_BIN + 1];
};

/* An amount of a bin, or of a part of it. */
static struct dd amount_of(enum amount what, size_t bin, uint64_t units)
{
    if (what == NUMBER)
        return dd_of((double)units);
    return dd_of(bin < FLOOR_BIN ? (double)units * (power_of(ROUNDER - (double)bin / STEPS) * UNIT)
                                 : 0);
}

/* Append those logits of a chunk whose number is at most `most`.  Returns how many there are then;
 * the list may be in the row that is read.  A whole chunk writes no further than its own length. */
static size_t chunk_append(double *list, size_t count, const double *logits, const double *number,
                           double most, size_t length)
{
    if (length == CHUNK) {
        for (size_t i = 0; i < CHUNK; i += DOUBLES)
            count += doubles_append(list + count, doubles_load(logits + i),
                                    doubles_load(number + i), doubles_set(most));
        return count;
    }
    for (size_t i = 0; i < length; i++) {
        list[count] = logits[i];
        count += number[i] <= most;
    }
    return count;
}

/* Keep the logits down to a depth. */
static void keep_depths(struct keeping *keeping, double deepest)
{
    double logits[CHUNK], room[CHUNK], depth[CHUNK];
    size_t count = 0;

    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        const size_t length = chunk_read(&keeping->row, start, logits);

        chunk_depths(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), depth);
        count = chunk_append(keeping->list, count, logits, depth, deepest, length);
    }
    keeping->row = (struct row){keeping->list, count, DTYPE_F64};
}

/* Keep all but masks: a logit may be so deep that its depth is beyond doubles, too. */
static void keep_unmasked(struct keeping *keeping)
{
    double logits[CHUNK], negative[CHUNK];
    size_t count = 0;

    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        const size_t length = chunk_read(&keeping->row, start, logits);

        for (size_t i = 0; i < CHUNK; i++)
            negative[i] = -logits[i];
        count = chunk_append(keeping->list, count, logits, negative, DBL_MAX, length);
    }
    keeping->row = (struct row){keeping->list, count, DTYPE_F64};
}

/* ---- bins ---- */

static void bins_count(struct keeping *keeping)
{
    double logits[CHUNK], room[CHUNK], middle[CHUNK];

    memset(keeping->bin, 0, sizeof keeping->bin);
    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        const size_t length = chunk_read(&keeping->row, start, logits);

        chunk_middles(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), middle);
        for (size_t i = 0; i < length; i++)
            keeping->bin[bin_of(middle[i])]++;
    }
}

static void bins_weigh(struct keeping *keeping)
{
    double logits[CHUNK], room[CHUNK], middle[CHUNK], term[CHUNK];

    memset(keeping->bin, 0, sizeof keeping->bin);
    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        chunk_read(&keeping->row, start, logits);
        chunk_terms(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), middle, term);
        for (size_t i = 0; i < CHUNK; i++)
            keeping->bin[bin_of(middle[i])] += units_of(term[i]);
    }
}

/* The sum of all bins. */
static double bins_total(const struct keeping *keeping, enum amount what)
{
    struct dd total = dd_of(0);

    for (size_t bin = 0; bin <= FLOOR_BIN; bin++)
        if (keeping->bin[bin] > 0)
            total = dd_add(total, amount_of(what, bin, keeping->bin[bin]));
    return total.hi;
}

/* The first bin, from the top, with which there is as much as the goal; *above is what the bins
 * above it have. */
static size_t bin_of_goal(const struct keeping *keeping, enum amount what, double goal,
                          struct dd *above)
{
    *above = dd_of(0);
    for (size_t bin = 0; bin < FLOOR_BIN; bin++) {
        struct dd with;

        if (keeping->bin[bin] == 0)
            continue;
        with = dd_add(*above, amount_of(what, bin, keeping->bin[bin]));
        if (with.hi >= goal)
            return bin;
        *above = with;
    }
    return FLOOR_BIN;
}

/* Keep the logits down to a bin. */
static void bins_keep(struct keeping *keeping, size_t bin)
{
    const double lowest = WHOLE + (double)bin;
    double logits[CHUNK], room[CHUNK], middle[CHUNK];
    size_t count = 0;

    if (bin == FLOOR_BIN) {
        keep_unmasked(keeping);
        return;
    }
    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        const size_t length = chunk_read(&keeping->row, start, logits);

        chunk_middles(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), middle);
        count = chunk_append(keeping->list, count, logits, middle, lowest, length);
    }
    keeping->row = (struct row){keeping->list, count, DTYPE_F64};
}

/* Copy the logits of a bin behind those that are kept.  Returns how many. */
static size_t bin_copy(struct keeping *keeping, size_t bin)
{
    double *out = keeping->list + keeping->row.width;
    double logits[CHUNK], room[CHUNK], middle[CHUNK];
    size_t count = 0;

    for (size_t start = 0; start < keeping->row.width; start += CHUNK) {
        const size_t length = chunk_read(&keeping->row, start, logits);

        chunk_middles(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), middle);
        for (size_t i = 0; i < length; i++) {
            out[count] = logits[i];
            count += bin_of(middle[i]) == bin;
        }
    }
    return count;
}

/* ---- a list of logits of one bin ---- */

/* Doubles as integers of the same order. */
static uint64_t order_of(double x)
{
    const uint64_t bits = bits_of(x);

    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

/* A part of a list: its logits have the same leading bits. */
struct part {
    size_t count;
    uint64_t amount;
};

#define PARTS ((size_t)1 << SPLIT_BITS)

/* How the logits of a list are told apart. */
struct split {
    uint64_t least; /* the smallest, by order_of() */
    int shift;      /* bits below those that tell the part; -1: all are equal */
};

static struct split split_of(const double *list, size_t count)
{
    uint64_t low = UINT64_MAX, high = 0;
    int bits = 0;

    for (size_t i = 0; i < count; i++) {
        const uint64_t at = order_of(list[i]);

        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    while (bits < 64 && (high - low) >> bits > 0)
        bits++;
    return (struct split){low, bits == 0 ? -1 : bits > SPLIT_BITS ? bits - SPLIT_BITS : 0};
}

static size_t part_of(const struct split *split, double logit)
{
    return split->shift < 0 ? 0 : (size_t)((order_of(logit) - split->least) >> split->shift);
}

/* Count or weigh the parts of a list. */
static void list_divide(const struct keeping *keeping, enum amount what, const double *list,
                        size_t count, const struct split *split, struct part *parts)
{
    const struct row row = {list, count, DTYPE_F64};
    double logits[CHUNK], room[CHUNK], middle[CHUNK], term[CHUNK];

    memset(parts, 0, PARTS * sizeof *parts);
    for (size_t start = 0; start < count; start += CHUNK) {
        const size_t length = chunk_read(&row, start, logits);

        chunk_terms(&keeping->gauge, chunk_measured(&keeping->gauge, logits, room), middle, term);
        for (size_t i = 0; i < length; i++) {
            struct part *part = &parts[part_of(split, logits[i])];

            part->count++;
            part->amount += what == NUMBER ? 1 : units_of(term[i]);
        }
    }
}

/* The first part, from the top, with which there is as much as the goal, else the last one; *above
 * grows by what the parts above it have. */
static size_t part_of_goal(const struct part *parts, enum amount what, size_t bin, double goal,
                           struct dd *above)
{
    size_t at = PARTS, last = 0;

    while (parts[last].count == 0)
        last++;
    while (--at > last) {
        const struct dd with = dd_add(*above, amount_of(what, bin, parts[at].amount));

        if (parts[at].count > 0 && with.hi >= goal)
            break;
        *above = with;
    }
    return at;
}

static size_t list_shorten(double *list, size_t count, const struct split *split, size_t part)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (part_of(split, list[i]) == part)
            list[kept++] = list[i];
    return kept;
}

/* The logit of a list with which there is as much as the goal, else the smallest. */
static double list_search(const struct keeping *keeping, enum amount what, double *list,
                          size_t count, size_t bin, double goal, struct dd above)
{
    struct part parts[PARTS];
    struct split split;

    do {
        split = split_of(list, count);
        if (split.shift < 0)
            break;
        list_divide(keeping, what, list, count, &split, parts);
        count = list_shorten(list, count, &split, part_of_goal(parts, what, bin, goal, &above));
    } while (split.shift > 0);
    return list[0];
}

/* ---- transforms ---- */

/* Keep the logits down to the one with which there is as much as the goal; the bins are full. */
static void keep_goal(struct keeping *keeping, enum amount what, double goal)
{
    struct dd above;
    const size_t bin = bin_of_goal(keeping, what, goal, &above);
    double least, *list = keeping->list;
    size_t count, kept = 0;

    bins_keep(keeping, bin);
    count = bin_copy(keeping, bin);
    if (count == 0)
        return; /* the goal is more than there is, and no logit is so deep */
    least = list_search(keeping, what, list + keeping->row.width, count, bin, goal, above);
    for (size_t i = 0; i < keeping->row.width; i++) {
        list[kept] = list[i];
        kept += list[i] >= least;
    }
    keeping->row.width = kept;
}

static void keep_top_k(struct keeping *keeping, size_t top_k)
{
    if (top_k >= keeping->row.width)
        return;
    bins_count(keeping);
    keep_goal(keeping, NUMBER, (double)top_k);
}

/* Keep the logits that may be among the likeliest with a share `goal` of the mass of the whole row:
 * those below have less than the rest of it together. */
static void keep_likely(struct keeping *keeping, double goal, double total)
{
    const double each = (1 - goal) * total / (double)keeping->row.width;

    keep_depths(keeping, each < 1 ? -real_log(each) / LN2 : 0);
}

static void keep_top_p(struct keeping *keeping, double top_p)
{
    const bool whole = keeping->row.data != keeping->list;
    const double goal = top_p - SAMPLING_EQUAL, total = keeping->gauge.stats->rest.hi + 1;

    if (whole)
        keep_likely(keeping, goal, total);
    bins_weigh(keeping);
    keep_goal(keeping, MASS, goal * (whole ? total : bins_total(keeping, MASS)));
}

/* The mass of what is kept so far. */
static double mass_so_far(struct keeping *keeping)
{
    if (keeping->row.data != keeping->list)
        return keeping->gauge.stats->rest.hi + 1;
    bins_weigh(keeping);
    return bins_total(keeping, MASS);
}

static void keep_min_p(struct keeping *keeping, double min_p)
{
    const double term = min_p - SAMPLING_EQUAL * mass_so_far(keeping);

    if (term > 0)
        keep_depths(keeping, -real_log(term) / LN2);
    else
        keep_unmasked(keeping);
}

/* kernel_keep_f of core/kernel.h. */
static size_t lanes_keep(const struct row *row, const struct transform *transform,
                         const struct row_stats *stats, const struct sampling *sampling,
                         double *list)
{
    struct keeping keeping;

    gauge_init(&keeping.gauge, transform, stats);
    keeping.row = *row;
    keeping.list = list;
    if (sampling->top_k > 0)
        keep_top_k(&keeping, sampling->top_k);
    if (sampling->top_p > 0)
        keep_top_p(&keeping, sampling->top_p);
    if (sampling->min_p > 0 || keeping.row.data != list)
        keep_min_p(&keeping, sampling->min_p);
    return keeping.row.width;
}

#endif
