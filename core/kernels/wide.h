/* wide.h - the reduction of a row in vectors, for kernels that have them.
 *
 * It gives the bits of lanes.h, and calls lanes.h for rare cases: softcaps, extreme temperatures,
 * rows beyond WIDE_AT, faults, sums of distances.  In all other cases logits go directly from the
 * row, of any dtype, into lanes.  Each block is scanned for its extremes, which decide how it is
 * reduced; when it is reduced, it is still in the nearest cache.
 *
 * Define these before you include this file:
 *   doubles       a vector of DOUBLES doubles, and doubles_set, _load, _store, _add, _sub, _mul,
 *                 _fma(a, b, c) = a b + c, _max(a, b) (b where both are 0), _power (power_of in
 *                 reduction.h)
 *   doubles_from(dtype, at)   the logits of a dtype at address `at`, widened
 *   words         a vector of WORDS singles as 32-bit integers, and words_set, _max and _min
 *                 (signed), _max_unsigned, with _highest, _lowest and _highest_unsigned over a
 *                 vector; words_from(dtype, at) for F32, F16, BF16
 *   words_larger (as singles), with words_largest over a vector
 *   words_equal(words, single), words_above(words, single): masks with one bit for each single
 *   PIPES         how many vectors of doubles are processed at once: a multiple of LANES / DOUBLES
 */
#ifndef CORE_KERNELS_WIDE_H
#define CORE_KERNELS_WIDE_H

#include "core/kernels/lanes.h"

#define VECTORS (LANES / DOUBLES) /* of one step */
#define INLINE static inline __attribute__((always_inline))

/* ---- a chunk ---- */

/* The parts of 2^(x L - N). */
struct exponentials {
    doubles rounded[PIPES], r[PIPES], poly[PIPES];
};

INLINE doubles poly_next(doubles p, doubles r, double coefficient)
{
    return doubles_fma(p, r, doubles_set(coefficient));
}

/* Each step is done for all vectors before the next step, so that no vector waits for another. */
INLINE void exponentials_of(const struct reduction *reduction, const doubles *x,
                            struct exponentials *e)
{
    const doubles scale = doubles_set(reduction->scale), base = doubles_set(reduction->base);

    for (size_t v = 0; v < PIPES; v++) {
        e->rounded[v] = doubles_fma(x[v], scale, base);
        e->r[v] = doubles_fms(x[v], scale, doubles_sub(e->rounded[v], base));
    }
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(doubles_set(POLY_6), e->r[v], POLY_5);
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(e->poly[v], e->r[v], POLY_4);
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(e->poly[v], e->r[v], POLY_3);
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(e->poly[v], e->r[v], POLY_2);
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(e->poly[v], e->r[v], POLY_1);
    for (size_t v = 0; v < PIPES; v++)
        e->poly[v] = poly_next(e->poly[v], e->r[v], 1.0);
}

/* The sums of half of the lanes, as hi + lo. */
struct folded {
    doubles hi[VECTORS / 2], lo[VECTORS / 2];
};

INLINE void folded_load(struct folded *folded, const struct sums *sums)
{
    for (size_t v = 0; v < VECTORS / 2; v++) {
        folded->hi[v] = doubles_load(sums->hi + v * DOUBLES);
        folded->lo[v] = doubles_load(sums->lo + v * DOUBLES);
    }
}

INLINE void folded_store(const struct folded *folded, struct sums *sums)
{
    for (size_t v = 0; v < VECTORS / 2; v++) {
        doubles_store(sums->hi + v * DOUBLES, folded->hi[v]);
        doubles_store(sums->lo + v * DOUBLES, folded->lo[v]);
    }
}

/* Lane l and lane l + 8 into sum l, as sums_add() does. */
INLINE void folded_add(struct folded *folded, const doubles *lane)
{
    for (size_t v = 0; v < VECTORS / 2; v++) {
        const doubles term = doubles_add(lane[v], lane[v + VECTORS / 2]), hi = folded->hi[v];
        const doubles sum = doubles_add(hi, term), back = doubles_sub(sum, hi);

        folded->lo[v] =
            doubles_add(folded->lo[v], doubles_add(doubles_sub(hi, doubles_sub(sum, back)),
                                                   doubles_sub(term, back)));
        folded->hi[v] = sum;
    }
}

/* ---- extremes ---- */

/* The extremes of singles, compared as integers.  Positive singles have the order of their
 * integers. Among negative singles, and between the signs if integers are unsigned, the larger
 * integer is the smaller single.  NaN is beyond infinity. */
struct body_scanner {
    const char *at; /* the next logit to scan */
    size_t left;    /* how many logits are left from there */
    words highest, lowest, top;
};

INLINE void scan_words(struct body_scanner *scan, enum dtype dtype, size_t offset)
{
    const words x = words_from(dtype, scan->at + offset * dtype_size_of(dtype));

    scan->highest = words_max(scan->highest, x);
    scan->lowest = words_min(scan->lowest, x);
    scan->top = words_max_unsigned(scan->top, x);
}

/* ---- chunks ---- */

/* The options of a chunk; they are constants for the compiler. */
struct variant {
    enum dtype dtype;
    bool low;     /* some logits may be below the floor */
    bool entropy; /* the moments are needed */
    bool ahead;   /* this many logits of the next block are scanned meanwhile */
};

/* PIPES vectors of logits. */
INLINE void step(const struct reduction *reduction, struct variant variant, const char *at,
                 doubles *term, doubles *moment)
{
    struct exponentials e;
    doubles x[PIPES];

    for (size_t v = 0; v < PIPES; v++) {
        x[v] = doubles_from(variant.dtype, at + v * DOUBLES * dtype_size_of(variant.dtype));
        x[v] = variant.low ? doubles_max(doubles_set(reduction->floor), x[v]) : x[v];
    }
    exponentials_of(reduction, x, &e);
    for (size_t v = 0; v < PIPES; v++) {
        const doubles e_v = doubles_mul(doubles_power(e.rounded[v]), e.poly[v]);

        term[v % VECTORS] = doubles_add(term[v % VECTORS], e_v);
        if (variant.entropy)
            moment[v % VECTORS] = doubles_fma(
                e_v, doubles_add(doubles_sub(e.rounded[v], doubles_set(ROUNDER)), e.r[v]),
                moment[v % VECTORS]);
    }
}

INLINE void add_chunks(struct reduction *reduction, struct variant variant, const char *at,
                       size_t chunks, struct body_scanner *scan)
{
    const size_t size = dtype_size_of(variant.dtype);
    struct folded terms, moments;

    folded_load(&terms, &reduction->terms);
    folded_load(&moments, &reduction->moments);
    for (size_t chunk = 0; chunk < chunks; chunk++, at += CHUNK * size) {
        doubles term[VECTORS], moment[VECTORS];

        for (size_t v = 0; v < VECTORS; v++)
            term[v] = moment[v] = doubles_set(0);
        for (size_t i = 0; i < CHUNK; i += PIPES * DOUBLES) {
            step(reduction, variant, at + i * size, term, moment);
            for (size_t w = 0; variant.ahead && w < PIPES * DOUBLES; w += WORDS) {
                scan_words(scan, variant.dtype, i + w);
                __builtin_prefetch(scan->at + (i + w + BLOCK) * size);
            }
        }
        folded_add(&terms, term);
        if (variant.entropy)
            folded_add(&moments, moment);
        if (variant.ahead) {
            scan->at += CHUNK * size;
            scan->left -= CHUNK;
        }
    }
    folded_store(&terms, &reduction->terms);
    folded_store(&moments, &reduction->moments);
}

typedef void chunks_f(struct reduction *reduction, const char *at, size_t chunks,
                      struct body_scanner *scan);

#define CHUNKS(dtype, low, entropy, ahead)                                                         \
    static void chunks_##dtype##_##low##_##entropy##_##ahead(                                      \
        struct reduction *reduction, const char *at, size_t chunks, struct body_scanner *scan)     \
    {                                                                                              \
        add_chunks(reduction, (struct variant){DTYPE_##dtype, low, entropy, ahead}, at, chunks,    \
                   scan);                                                                          \
    }
#define CHUNKS_OF(dtype)                                                                           \
    CHUNKS(dtype, 0, 0, 0)                                                                         \
    CHUNKS(dtype, 0, 0, 1)                                                                         \
    CHUNKS(dtype, 0, 1, 0)                                                                         \
    CHUNKS(dtype, 0, 1, 1)                                                                         \
    CHUNKS(dtype, 1, 0, 0)                                                                         \
    CHUNKS(dtype, 1, 0, 1)                                                                         \
    CHUNKS(dtype, 1, 1, 0)                                                                         \
    CHUNKS(dtype, 1, 1, 1)
CHUNKS_OF(F32)
CHUNKS_OF(F16)
CHUNKS_OF(BF16)
CHUNKS_OF(F64)

/* Indexed by dtype, low, entropy and ahead. */
#define CHUNKS_ROW(d)                                                                              \
    {                                                                                              \
        {{chunks_##d##_0_0_0, chunks_##d##_0_0_1}, {chunks_##d##_0_1_0, chunks_##d##_0_1_1}},      \
        {                                                                                          \
            {chunks_##d##_1_0_0, chunks_##d##_1_0_1},                                              \
            {                                                                                      \
                chunks_##d##_1_1_0, chunks_##d##_1_1_1                                             \
            }                                                                                      \
        }                                                                                          \
    }
static chunks_f *const chunks_of[DTYPE_COUNT][2][2][2] = {
    [DTYPE_F64] = CHUNKS_ROW(F64),
    [DTYPE_F32] = CHUNKS_ROW(F32),
    [DTYPE_F16] = CHUNKS_ROW(F16),
    [DTYPE_BF16] = CHUNKS_ROW(BF16),
};

/* ---- a block ---- */

/* The extremes of some logits; `bad` if one is NaN or +inf. */
struct extent {
    double max, min;
    bool bad;
};

#define EXTENT_EMPTY ((struct extent){-HUGE_VAL, HUGE_VAL, false})

static void extent_add(struct extent *extent, double x)
{
    extent->bad |= !(x < HUGE_VAL);
    extent->max = x > extent->max ? x : extent->max;
    extent->min = x < extent->min ? x : extent->min;
}

static double single_of(uint32_t bits)
{
    float single;

    memcpy(&single, &bits, sizeof single);
    return (double)single;
}

#define INFINITY_BITS 0x7f800000U
#define MINUS_INFINITY_BITS 0xff800000U
#define SIGN_BIT 0x80000000U

/* Begin a scan of `count` logits.  The extremes are those of a single -inf. */
static void scan_begin(struct body_scanner *scan, const char *at, size_t count)
{
    scan->at = at;
    scan->left = count;
    scan->highest = words_set((int32_t)SIGN_BIT);
    scan->lowest = words_set((int32_t)~SIGN_BIT);
    scan->top = words_set(0);
}

static struct extent scan_extent(const struct body_scanner *scan)
{
    const int32_t highest = words_highest(scan->highest), lowest = words_lowest(scan->lowest);
    const uint32_t top = words_highest_unsigned(scan->top);
    const bool all_negative = highest < 0, none_negative = lowest >= 0;
    const uint32_t max = (uint32_t)(all_negative ? lowest : highest);
    const uint32_t min = none_negative ? (uint32_t)lowest : top;

    if (top == 0 && none_negative && lowest == (int32_t)~SIGN_BIT)
        return EXTENT_EMPTY;
    return (struct extent){single_of(max), single_of(min),
                           (!all_negative && max >= INFINITY_BITS) || top > MINUS_INFINITY_BITS};
}

INLINE void scan_run(struct body_scanner *scan, enum dtype dtype)
{
    size_t done = 0;

    for (; scan->left - done >= WORDS; done += WORDS)
        scan_words(scan, dtype, done);
    scan->at += done * dtype_size_of(dtype);
    scan->left -= done;
}

/* Scan the logits that are left. */
static struct extent body_scanner_end(struct body_scanner *scan, enum dtype dtype)
{
    struct extent extent;
    double rest[WORDS];

    if (dtype == DTYPE_F32)
        scan_run(scan, DTYPE_F32);
    else if (dtype == DTYPE_F16)
        scan_run(scan, DTYPE_F16);
    else
        scan_run(scan, DTYPE_BF16);
    extent = scan_extent(scan);
    dtype_widen(dtype, scan->at, scan->left, rest);
    for (size_t i = 0; i < scan->left; i++)
        extent_add(&extent, rest[i]);
    return extent;
}

static struct extent scan_doubles(const char *at, size_t count)
{
    const size_t whole = count / DOUBLES * DOUBLES;
    doubles max = doubles_set(-HUGE_VAL), min = doubles_set(HUGE_VAL);
    double rest[3 * DOUBLES];
    struct extent extent = EXTENT_EMPTY;

    for (size_t i = 0; i < whole; i += DOUBLES) {
        const doubles x = doubles_from(DTYPE_F64, at + i * sizeof(double));

        extent.bad |= doubles_any_bad(x);
        max = doubles_max(x, max);
        min = doubles_min(x, min);
    }
    doubles_store(rest, max);
    doubles_store(rest + DOUBLES, min);
    memcpy(rest + 2 * DOUBLES, at + whole * sizeof(double), (count - whole) * sizeof(double));
    for (size_t i = 0; i < DOUBLES; i++) {
        extent.max = rest[i] > extent.max ? rest[i] : extent.max;
        extent.min = rest[DOUBLES + i] < extent.min ? rest[DOUBLES + i] : extent.min;
    }
    for (size_t i = 0; i < count - whole; i++)
        extent_add(&extent, rest[2 * DOUBLES + i]);
    return extent;
}

static const char *logit_at(const struct row *row, size_t index)
{
    return (const char *)row->data + index * dtype_size(row->dtype);
}

/* The extremes of logits `start` to start + count of the row. */
static struct extent extent_of(const struct row *row, size_t start, size_t count)
{
    struct body_scanner scan;

    if (row->dtype == DTYPE_F64)
        return scan_doubles(logit_at(row, start), count);
    scan_begin(&scan, logit_at(row, start), count);
    return body_scanner_end(&scan, row->dtype);
}

INLINE size_t find_words(enum dtype dtype, const char *at, float single)
{
    for (size_t i = 0;; i += WORDS) {
        const uint32_t found =
            words_equal(words_from(dtype, at + i * dtype_size_of(dtype)), single);

        if (found)
            return i + (size_t)__builtin_ctz(found);
    }
}

/* The first of `count` logits from `start` that equals `max`; there is one. */
static size_t find(const struct row *row, size_t start, size_t count, double max)
{
    const size_t whole = row->dtype == DTYPE_F64 ? 0 : count / WORDS * WORDS;
    const char *at = logit_at(row, start);
    double block[BLOCK];
    size_t i = whole;

    if (whole > 0 && extent_of(row, start, whole).max == max)
        return row->dtype == DTYPE_F32   ? find_words(DTYPE_F32, at, (float)max)
               : row->dtype == DTYPE_F16 ? find_words(DTYPE_F16, at, (float)max)
                                         : find_words(DTYPE_BF16, at, (float)max);
    block_widen(row, start, count, block);
    while (block[i] != max)
        i++;
    return i;
}

/* block_winner() of lanes.h: `winner` is the index in the block of a new winner, else BLOCK. */
static double wide_winner(struct reduction *reduction, size_t start, size_t count,
                          const struct extent *extent, size_t *winner)
{
    const struct row *row = reduction->row;
    const double old = reduction->max;
    double rest = extent->max;

    *winner = BLOCK;
    if (extent->max > old) {
        const size_t found = find(row, start, count, extent->max);
        const double before = extent_of(row, start, found).max;
        const double after = extent_of(row, start + found + 1, count - found - 1).max;

        rest = before > after ? before : after;
        rest = old > rest ? old : rest;
        reduction->max = extent->max + 0.0;
        reduction->argmax = start + found;
        *winner = found;
    }
    reduction->second = rest > reduction->second ? rest : reduction->second;
    return extent->max > old ? old : -HUGE_VAL;
}

/* Reduce, as doubles, a chunk that is cut by the end of the row, or that has the winner. */
static void odd_chunk(struct reduction *reduction, size_t start, size_t count, size_t winner)
{
    double chunk[CHUNK];

    block_widen(reduction->row, start, count, chunk);
    block_pad(chunk, count);
    if (winner < count)
        chunk[winner] = -HUGE_VAL;
    chunks_of[DTYPE_F64][1][reduction->wants_entropy][0](reduction, (const char *)chunk, 1, NULL);
}

/* Reduce whole chunks without the winner, `first` to `end` of the block at `start`.  Meanwhile, as
 * much of the next block is scanned. */
static void plain_chunks(struct reduction *reduction, size_t start, size_t first, size_t end,
                         bool low, struct body_scanner *ahead)
{
    const enum dtype dtype = reduction->row->dtype;
    chunks_f *const *chunks = chunks_of[dtype][low][reduction->wants_entropy];
    const size_t there = ahead->left / CHUNK, both = there < end - first ? there : end - first;

    chunks[1](reduction, logit_at(reduction->row, start + first * CHUNK), both, ahead);
    chunks[0](reduction, logit_at(reduction->row, start + (first + both) * CHUNK),
              end - first - both, ahead);
}

static void wide_add(struct reduction *reduction, size_t start, size_t count, size_t winner,
                     bool low, struct body_scanner *ahead)
{
    const size_t whole = count / CHUNK, split = winner / CHUNK;

    if (reduction->second == -HUGE_VAL)
        return; /* only masks and the winner so far */
    if (split < whole) {
        plain_chunks(reduction, start, 0, split, low, ahead);
        odd_chunk(reduction, start + split * CHUNK, CHUNK, winner % CHUNK);
        plain_chunks(reduction, start, split + 1, whole, low, ahead);
    } else {
        plain_chunks(reduction, start, 0, whole, low, ahead);
    }
    if (count % CHUNK)
        odd_chunk(reduction, start + whole * CHUNK, count % CHUNK,
                  split == whole ? winner % CHUNK : CHUNK);
}

/* ---- a row ---- */

/* Begin to scan the block at `start`, if there is one.  Doubles are all scanned at the end. */
static void look_ahead(struct body_scanner *ahead, const struct row *row, size_t start)
{
    const bool there = start < row->width && row->dtype != DTYPE_F64;

    scan_begin(ahead, logit_at(row, there ? start : 0), there ? block_length(row, start) : 0);
}

static enum outcome wide_blocks(struct reduction *reduction)
{
    const struct row *row = reduction->row;
    struct body_scanner ahead;

    look_ahead(&ahead, row, 0);
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_length(row, start);
        const struct extent extent = row->dtype == DTYPE_F64 ? extent_of(row, start, count)
                                                             : body_scanner_end(&ahead, row->dtype);
        size_t winner;
        double overtaken;

        if (extent.bad)
            return FAULTY;
        look_ahead(&ahead, row, start + BLOCK);
        overtaken = wide_winner(reduction, start, count, &extent, &winner);
        if (!origin_place(reduction))
            return WIDE;
        if (overtaken != -HUGE_VAL)
            demote(reduction, overtaken);
        wide_add(reduction, start, count, winner, extent.min < reduction->floor, &ahead);
    }
    return REDUCED;
}

static bool wide_reduce(const struct row *row, const struct transform *transform, unsigned wants,
                        struct row_stats *stats, struct row_fault *fault)
{
    struct reduction reduction;

    if (transform->softcap > 0 || transform->unit != 1)
        return lanes_reduce(row, transform, wants, stats, fault);
    reduction_init(&reduction, row, transform, wants);
    if (wide_blocks(&reduction) != REDUCED || reduction.max == -HUGE_VAL)
        return lanes_reduce(row, transform, wants, stats, fault);
    reduction_finish(&reduction, wants, stats);
    return true;
}

#endif
