/* wide.h - the reduction of a row in vectors, for kernels that have them.
 *
 * It gives the bits of lanes.h, and calls lanes.h for rare cases: softcaps, extreme temperatures,
 * rows beyond WIDE_AT, faults, sums of distances.  In all other cases logits go directly from the
 * row, of any dtype, into lanes.  Each block is scanned for its extremes, which decide how it is
 * reduced; when it is reduced, it is still in the nearest cache.
 *
 * Define these before you include this file:
 *   doubles       a vector of DOUBLES doubles, and doubles_set, _load, _store, _add, _sub, _mul,
 *                 _fma(a, b, c) = a b + c, _max(a, b) (b where both are 0), _powers(x, p)
 *                 (power_of in reduction.h, of two vectors), _from_least(x, least, y): y where
 *                 x >= least, else 0
 *   doubles_from(dtype, at)   the logits of a dtype at address `at`, widened
 *   words         a vector of WORDS singles as 32-bit integers, and words_set, _max and _min
 *                 (signed), _max_unsigned, with _highest, _lowest and _highest_unsigned over a
 *                 vector; words_from(dtype, at) for F32, F16, BF16
 *   words_larger (as singles), with words_largest over a vector
 *   words_equal(words, single), words_above(words, single): masks with one bit for each single
 *   PIPES         how many vectors of doubles are processed side by side (twice as many at once); a
 *                 divisor of LANES / DOUBLES
 */
#ifndef CORE_KERNELS_WIDE_H
#define CORE_KERNELS_WIDE_H

#include "core/kernels/extent.h"

#define VECTORS (LANES / DOUBLES) /* of a row of lanes */

/* ---- exponentials ---- */

/* How many vectors are computed at once: PIPES of a row of lanes, and the same of the next row. */
#define AT_ONCE (2 * PIPES)

/* The parts of 2^(x L - N). */
struct exponentials {
    doubles rounded[AT_ONCE], r[AT_ONCE], value[AT_ONCE];
};

INLINE doubles poly_next(doubles p, doubles r, double coefficient)
{
    return doubles_fma(p, r, doubles_set(coefficient));
}

/* Each step is done for all vectors before the next step, so that no vector waits for another. */
INLINE void exponentials_of(const struct reduction *reduction, bool fine, const doubles *x,
                            struct exponentials *e)
{
    const doubles scale = doubles_set(reduction->scale.hi), base = doubles_set(reduction->base);
    doubles p[AT_ONCE];

    for (size_t v = 0; v < AT_ONCE; v++) {
        e->rounded[v] = doubles_fma(x[v], scale, base);
        e->r[v] = doubles_fms(x[v], scale, doubles_sub(e->rounded[v], base));
        if (fine)
            e->r[v] = doubles_fma(x[v], doubles_set(reduction->scale.lo), e->r[v]);
    }
    for (size_t v = 0; v < AT_ONCE; v++)
        p[v] = poly_next(doubles_set(POLY_6), e->r[v], POLY_5);
    for (size_t v = 0; v < AT_ONCE; v++)
        p[v] = poly_next(p[v], e->r[v], POLY_4);
    for (size_t v = 0; v < AT_ONCE; v++)
        p[v] = poly_next(p[v], e->r[v], POLY_3);
    for (size_t v = 0; v < AT_ONCE; v++)
        p[v] = poly_next(p[v], e->r[v], POLY_2);
    for (size_t v = 0; v < AT_ONCE; v++)
        p[v] = poly_next(p[v], e->r[v], POLY_1);
    for (size_t v = 0; v < AT_ONCE; v += 2)
        doubles_powers(e->rounded + v, e->value + v);
    for (size_t v = 0; v < AT_ONCE; v++)
        e->value[v] = doubles_fma(e->value[v], doubles_mul(p[v], e->r[v]), e->value[v]);
}

/* ---- chunks ---- */

/* What the logits of a chunk need. */
enum care {
    CARE_NONE,
    CARE_LOW,  /* some may be below the floor */
    CARE_FINE, /* that, and the low part of L is used */
    CARE_COUNT
};

/* The options of a chunk; they are constants for the compiler. */
struct variant {
    enum dtype dtype;
    enum care care;
    bool entropy;   /* the moments are needed */
    bool variation; /* the sums of variation.h are needed */
    bool ahead;     /* as many logits of the next block are scanned meanwhile */
};

/* What some rows of lanes add to PIPES vectors of them. */
struct column {
    doubles term[PIPES], moment[PIPES];
    doubles first[PIPES], square[PIPES], apart[PIPES], collision[PIPES], count[PIPES];
};

INLINE doubles exponent_of(const struct exponentials *e, size_t v)
{
    return doubles_add(doubles_sub(e->rounded[v], doubles_set(ROUNDER)), e->r[v]);
}

/* What the logits of two vectors add to the sums of variation.h. */
INLINE void column_vary(const struct reduction *reduction, struct variant variant,
                        struct column *sum, size_t v, const doubles *x, const doubles *e)
{
    const doubles centre = doubles_set(reduction->variation.centre);
    const doubles floor = doubles_set(reduction->floor), least = doubles_set(-DBL_MAX);
    const doubles one = doubles_set(1);
    doubles t = doubles_sub(x[0], centre), u = doubles_sub(x[1], centre), et, eu;

    sum->apart[v] = doubles_add(t, u);
    if (variant.care != CARE_NONE) {
        sum->apart[v] =
            doubles_add(doubles_from_least(x[0], least, t), doubles_from_least(x[1], least, u));
        sum->count[v] =
            doubles_add(doubles_from_least(x[0], least, one), doubles_from_least(x[1], least, one));
        t = doubles_from_least(x[0], floor, t);
        u = doubles_from_least(x[1], floor, u);
    }
    et = doubles_mul(e[0], t);
    eu = doubles_mul(e[1], u);
    sum->first[v] = doubles_add(et, eu);
    sum->square[v] = doubles_fma(eu, u, doubles_mul(et, t));
    sum->collision[v] = doubles_fma(e[1], e[1], doubles_mul(e[0], e[0]));
}

/* Two rows. */
INLINE struct column column_pair(const struct reduction *reduction, struct variant variant,
                                 const char *at)
{
    const size_t size = dtype_size_of(variant.dtype);
    struct exponentials e;
    struct column sum;
    doubles x[AT_ONCE], given[AT_ONCE];

    for (size_t v = 0; v < AT_ONCE; v++) {
        given[v] =
            doubles_from(variant.dtype, at + (v / PIPES * LANES + v % PIPES * DOUBLES) * size);
        x[v] = variant.care == CARE_NONE ? given[v]
                                         : doubles_max(doubles_set(reduction->floor), given[v]);
    }
    exponentials_of(reduction, variant.care == CARE_FINE, x, &e);
    for (size_t v = 0; v < PIPES; v++) {
        sum.term[v] = doubles_add(e.value[v], e.value[v + PIPES]);
        if (variant.entropy)
            sum.moment[v] = doubles_fma(e.value[v + PIPES], exponent_of(&e, v + PIPES),
                                        doubles_mul(e.value[v], exponent_of(&e, v)));
        if (variant.variation)
            column_vary(reduction, variant, &sum, v, (doubles[]){given[v], given[v + PIPES]},
                        (doubles[]){e.value[v], e.value[v + PIPES]});
    }
    return sum;
}

INLINE struct column column_plus(struct variant variant, struct column a, struct column b)
{
    for (size_t v = 0; v < PIPES; v++) {
        a.term[v] = doubles_add(a.term[v], b.term[v]);
        if (variant.entropy)
            a.moment[v] = doubles_add(a.moment[v], b.moment[v]);
        if (!variant.variation)
            continue;
        a.first[v] = doubles_add(a.first[v], b.first[v]);
        a.square[v] = doubles_add(a.square[v], b.square[v]);
        a.apart[v] = doubles_add(a.apart[v], b.apart[v]);
        a.collision[v] = doubles_add(a.collision[v], b.collision[v]);
        if (variant.care != CARE_NONE)
            a.count[v] = doubles_add(a.count[v], b.count[v]);
    }
    return a;
}

INLINE struct column column_quad(const struct reduction *reduction, struct variant variant,
                                 const char *at)
{
    const size_t size = 2 * LANES * dtype_size_of(variant.dtype);
    const struct column first = column_pair(reduction, variant, at);

    return column_plus(variant, first, column_pair(reduction, variant, at + size));
}

INLINE struct column column_of(const struct reduction *reduction, struct variant variant,
                               const char *at)
{
    const size_t size = 4 * LANES * dtype_size_of(variant.dtype);
    const struct column first = column_quad(reduction, variant, at);

    return column_plus(variant, first, column_quad(reduction, variant, at + size));
}

INLINE void sums_add_vector(struct sums *sums, size_t lane, doubles term)
{
    const doubles before = doubles_load(sums->hi + lane), hi = doubles_add(before, term);
    const doubles rest = doubles_sub(term, doubles_sub(hi, before));

    doubles_store(sums->hi + lane, hi);
    doubles_store(sums->lo + lane, doubles_add(doubles_load(sums->lo + lane), rest));
}

INLINE void free_sums_add_vector(struct free_sums *sums, size_t lane, doubles term)
{
    const doubles before = doubles_load(sums->hi + lane), hi = doubles_add(before, term);
    const doubles part = doubles_sub(hi, before);
    const doubles rest =
        doubles_add(doubles_sub(before, doubles_sub(hi, part)), doubles_sub(term, part));

    doubles_store(sums->hi + lane, hi);
    doubles_store(sums->lo + lane, doubles_add(doubles_load(sums->lo + lane), rest));
}

INLINE void variation_add_column(struct variation *variation, struct variant variant, size_t lane,
                                 const struct column *column)
{
    double count[DOUBLES];

    for (size_t v = 0; v < PIPES; v++) {
        const size_t at = lane + v * DOUBLES;

        free_sums_add_vector(&variation->first, at, column->first[v]);
        free_sums_add_vector(&variation->square, at, column->square[v]);
        free_sums_add_vector(&variation->apart, at, column->apart[v]);
        sums_add_vector(&variation->collision, at, column->collision[v]);
        if (variant.care == CARE_NONE) {
            variation->count += CHUNK * DOUBLES / LANES;
            continue;
        }
        doubles_store(count, column->count[v]);
        for (size_t i = 0; i < DOUBLES; i++)
            variation->count += (size_t)count[i];
    }
}

/* A part of the next chunk to scan, beside the column of `lane`. */
INLINE void look_at_part(struct body_scanner *scan, enum dtype dtype, size_t lane)
{
    const size_t part = CHUNK * PIPES / VECTORS, first = lane / (PIPES * DOUBLES) * part;

    for (size_t i = first; i < first + part; i += WORDS) {
        scan_words(scan, dtype, i);
        __builtin_prefetch(scan->at + (i + BLOCK) * dtype_size_of(dtype));
    }
}

/* Each variant is a function of its own.  Builds with sanitizers (KERNEL_ONE_VARIANT) have one for
 * all, which asks as it goes: theirs would take minutes to compile. */
#ifdef KERNEL_ONE_VARIANT
#define OF_EACH_VARIANT __attribute__((noinline)) static
#else
#define OF_EACH_VARIANT INLINE
#endif

OF_EACH_VARIANT void add_chunks(struct reduction *reduction, struct variant variant, const char *at,
                                size_t chunks, struct body_scanner *scan)
{
    const size_t size = dtype_size_of(variant.dtype);

    for (size_t chunk = 0; chunk < chunks; chunk++, at += CHUNK * size) {
        for (size_t lane = 0; lane < LANES; lane += PIPES * DOUBLES) {
            const struct column column = column_of(reduction, variant, at + lane * size);

            if (variant.ahead)
                look_at_part(scan, variant.dtype, lane);
            for (size_t v = 0; v < PIPES; v++) {
                sums_add_vector(&reduction->terms, lane + v * DOUBLES, column.term[v]);
                if (variant.entropy)
                    sums_add_vector(&reduction->moments, lane + v * DOUBLES, column.moment[v]);
            }
            if (variant.variation)
                variation_add_column(&reduction->variation, variant, lane, &column);
        }
        if (variant.ahead) {
            scan->at += CHUNK * size;
            scan->left -= CHUNK;
        }
    }
}

typedef void chunks_f(struct reduction *reduction, const char *at, size_t chunks,
                      struct body_scanner *scan);

#define CHUNKS(dtype, care, entropy, ahead)                                                        \
    static void chunks_##dtype##_##care##_##entropy##_##ahead(                                     \
        struct reduction *reduction, const char *at, size_t chunks, struct body_scanner *scan)     \
    {                                                                                              \
        add_chunks(reduction, (struct variant){DTYPE_##dtype, CARE_##care, entropy, false, ahead}, \
                   at, chunks, scan);                                                              \
    }
/* With sums about a centre: what else is done is asked of each chunk, because each function more is
 * long to compile.  Without `scan` nothing is scanned. */
#define CHUNKS_VARIED(dtype, care)                                                                 \
    static void chunks_##dtype##_##care##_varied(struct reduction *reduction, const char *at,      \
                                                 size_t chunks, struct body_scanner *scan)         \
    {                                                                                              \
        add_chunks(reduction,                                                                      \
                   (struct variant){DTYPE_##dtype, CARE_##care, reduction->wants_entropy, true,    \
                                    scan != NULL},                                                 \
                   at, chunks, scan);                                                              \
    }
#define CHUNKS_OF(dtype, care)                                                                     \
    CHUNKS(dtype, care, 0, 0)                                                                      \
    CHUNKS(dtype, care, 0, 1)                                                                      \
    CHUNKS(dtype, care, 1, 0)                                                                      \
    CHUNKS(dtype, care, 1, 1)                                                                      \
    CHUNKS_VARIED(dtype, care)
#define CHUNKS_OF_ALL(dtype)                                                                       \
    CHUNKS_OF(dtype, NONE)                                                                         \
    CHUNKS_OF(dtype, LOW)                                                                          \
    CHUNKS_OF(dtype, FINE)
CHUNKS_OF_ALL(F32)
CHUNKS_OF_ALL(F16)
CHUNKS_OF_ALL(BF16)
CHUNKS_OF_ALL(F64)

/* Indexed by dtype, care, what is summed (1: with entropy, 2: about a centre), and ahead. */
#define CHUNKS_ROW(d, care)                                                                        \
    [CARE_##care] = {{chunks_##d##_##care##_0_0, chunks_##d##_##care##_0_1},                       \
                     {chunks_##d##_##care##_1_0, chunks_##d##_##care##_1_1},                       \
                     {chunks_##d##_##care##_varied, chunks_##d##_##care##_varied}}
#define CHUNKS_ROWS(d) [DTYPE_##d] = {CHUNKS_ROW(d, NONE), CHUNKS_ROW(d, LOW), CHUNKS_ROW(d, FINE)}
static chunks_f *const chunks_of[DTYPE_COUNT][CARE_COUNT][3][2] = {
    CHUNKS_ROWS(F64), CHUNKS_ROWS(F32), CHUNKS_ROWS(F16), CHUNKS_ROWS(BF16)};

/* The two that a reduction needs. */
static chunks_f *const *chunks_for(const struct reduction *reduction, enum dtype dtype,
                                   enum care care)
{
    return chunks_of[dtype][care][reduction->wants_variation ? 2 : reduction->wants_entropy];
}

/* ---- a block ---- */

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

static enum care care_of(const struct reduction *reduction, bool low)
{
    return reduction->scale.lo != 0 ? CARE_FINE : low ? CARE_LOW : CARE_NONE;
}

/* Reduce, as doubles, a chunk that is cut by the end of the row, or that has the winner. */
static void odd_chunk(struct reduction *reduction, size_t start, size_t count, size_t winner)
{
    double chunk[CHUNK];

    block_widen(reduction->row, start, count, chunk);
    block_pad(chunk, count);
    if (winner < count)
        chunk[winner] = -HUGE_VAL;
    chunks_for(reduction, DTYPE_F64, care_of(reduction, true))[0](reduction, (const char *)chunk, 1,
                                                                  NULL);
}

/* Reduce whole chunks without the winner, `first` to `end` of the block at `start`.  Meanwhile, as
 * much of the next block is scanned. */
static void plain_chunks(struct reduction *reduction, size_t start, size_t first, size_t end,
                         bool low, struct body_scanner *ahead)
{
    const enum dtype dtype = reduction->row->dtype;
    chunks_f *const *chunks = chunks_for(reduction, dtype, care_of(reduction, low));
    const size_t there = ahead->left / CHUNK, both = there < end - first ? there : end - first;

    chunks[1](reduction, logit_at(reduction->row, start + first * CHUNK), both, ahead);
    chunks[0](reduction, logit_at(reduction->row, start + (first + both) * CHUNK),
              end - first - both, NULL);
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

static void wide_again(struct reduction *reduction)
{
    wide_blocks(reduction);
}

static bool wide_reduce(const struct row *row, const struct transform *transform, unsigned wants,
                        struct row_stats *stats, struct row_fault *fault)
{
    struct reduction reduction;

    if (transform->scaled)
        return lanes_reduce(row, transform, wants, stats, fault);
    reduction_init(&reduction, row, transform, wants);
    if (wide_blocks(&reduction) != REDUCED || reduction.max == -HUGE_VAL)
        return lanes_reduce(row, transform, wants, stats, fault);
    reduction_finish(&reduction, wants, wide_again, stats);
    return true;
}

#endif
