/* depths.h - how far logits are below the largest, a chunk of them at once.
 *
 * A logit is `depth` octaves below the largest: its term, which is p relative to the largest p, is
 * 2^-depth.  A bin is a sixteenth of an octave.  A term is known as the bin and as 2^r, r the way
 * from the middle of the bin, in units of 2^-43.  It is rounded once, so it is within 2^-43 of
 * itself.  Beyond 64 octaves a term is nothing: 2^20 of them are 2^-44. */
#ifndef CORE_KERNELS_DEPTHS_H
#define CORE_KERNELS_DEPTHS_H

#include "core/kernels/lanes.h"

/* Without vectors, a vector is a double. */
#ifndef DOUBLES
#define DOUBLES 1
#define INLINE static inline

typedef double doubles;

#define doubles_set(x) (x)
#define doubles_load(at) (*(at))
#define doubles_store(at, x) (*(at) = (x))
#define doubles_add(a, b) ((a) + (b))
#define doubles_sub(a, b) ((a) - (b))
#define doubles_mul(a, b) ((a) * (b))

static inline double doubles_min(double a, double b)
{
    return a < b ? a : b;
}

static inline size_t doubles_append(double *out, double x, double number, double most)
{
    *out = x;
    return number <= most;
}

#define chunk_widen(row, start, logits) block_widen(row, start, CHUNK, logits)

#else

INLINE void chunk_load(const char *at, enum dtype dtype, double *logits)
{
    for (size_t i = 0; i < CHUNK; i += DOUBLES)
        doubles_store(logits + i, doubles_from(dtype, at + i * dtype_size_of(dtype)));
}

static void chunk_widen(const struct row *row, size_t start, double *logits)
{
    const char *at = logit_at(row, start);

    switch (row->dtype) {
    case DTYPE_F32:
        chunk_load(at, DTYPE_F32, logits);
        break;
    case DTYPE_F16:
        chunk_load(at, DTYPE_F16, logits);
        break;
    case DTYPE_BF16:
        chunk_load(at, DTYPE_BF16, logits);
        break;
    default:
        chunk_load(at, DTYPE_F64, logits);
    }
}

#endif

#define STEPS 16.0               /* bins of an octave */
#define DEEPEST 64.0             /* octaves */
#define FLOOR_BIN ((size_t)1024) /* of deeper logits, and masks */

#define WHOLE 0x1.8p52 /* adding it rounds to integers, which are the low bits of the sum */
#define UNIT_AT 0x1p9  /* adding it rounds to units, which are the low bits of the sum */
#define UNIT 0x1p-43

/* How the logits of a row are measured. */
struct gauge {
    const struct transform *transform;
    const struct row_stats *stats;
    bool plain;       /* the logits themselves are measured, else depths, computed one by one */
    double max, unit; /* the depth of what is measured is (max - it) unit */
    bool capped;      /* a softcap is applied by `capper` */
    struct capper capper;
    struct dd top; /* with `capped`: the largest logit */
};

static void gauge_init(struct gauge *gauge, const struct transform *transform,
                       const struct row_stats *stats)
{
    gauge->transform = transform;
    gauge->stats = stats;
    gauge->plain = !transform->scaled;
    gauge->max = gauge->plain ? stats->max : 0;
    gauge->unit = gauge->plain ? transform->scale.hi : -1;
    gauge->capped = transform->softcap > 0 && capper_make(transform, &gauge->capper);
    if (gauge->capped)
        gauge->top = capper_run(&gauge->capper, stats->max);
}

/* ---- chunks of logits ---- */

/* Read a chunk; behind the end of the row are masks.  Returns the number of logits. */
static size_t chunk_read(const struct row *row, size_t start, double *logits)
{
    const size_t left = row->width - start;

    if (left >= CHUNK) {
        chunk_widen(row, start, logits);
        return CHUNK;
    }
    block_widen(row, start, left, logits);
    block_pad(logits, left);
    return left;
}

static double depth_apart(const struct gauge *gauge, double logit)
{
    if (logit == -HUGE_VAL)
        return HUGE_VAL;
    if (gauge->capped)
        return dd_sub(gauge->top, capper_run(&gauge->capper, logit)).hi
               * gauge->transform->scale.hi;
    return row_distance(gauge->stats, gauge->transform, logit).hi / LN2;
}

/* What is measured of a chunk: the logits themselves, or what is written to `room`. */
static const double *chunk_measured(const struct gauge *gauge, const double *logits, double *room)
{
    if (gauge->plain)
        return logits;
    for (size_t i = 0; i < CHUNK; i++)
        room[i] = depth_apart(gauge, logits[i]);
    return room;
}

INLINE doubles depth_at(const struct gauge *gauge, const double *measured)
{
    return doubles_mul(doubles_sub(doubles_set(gauge->max), doubles_load(measured)),
                       doubles_set(gauge->unit));
}

static void chunk_depths(const struct gauge *gauge, const double *measured, double *depth)
{
    for (size_t i = 0; i < CHUNK; i += DOUBLES)
        doubles_store(depth + i, depth_at(gauge, measured + i));
}

INLINE doubles bounded(doubles depth)
{
    return doubles_min(depth, doubles_set(DEEPEST));
}

/* The middle of the bin of a depth, in sixteenths of an octave, plus WHOLE. */
INLINE doubles middle_of(doubles depth)
{
    return doubles_add(doubles_mul(depth, doubles_set(STEPS)), doubles_set(WHOLE));
}

static void chunk_middles(const struct gauge *gauge, const double *measured, double *middle)
{
    for (size_t i = 0; i < CHUNK; i += DOUBLES)
        doubles_store(middle + i, middle_of(bounded(depth_at(gauge, measured + i))));
}

INLINE doubles term_next(doubles p, doubles r, double coefficient)
{
    return doubles_add(doubles_mul(p, r), doubles_set(coefficient));
}

/* The middles, and 2^r plus UNIT_AT. */
static void chunk_terms(const struct gauge *gauge, const double *measured, double *middle,
                        double *term)
{
    for (size_t i = 0; i < CHUNK; i += DOUBLES) {
        const doubles depth = bounded(depth_at(gauge, measured + i));
        const doubles at = middle_of(depth);
        const doubles whole = doubles_sub(at, doubles_set(WHOLE));
        const doubles r = doubles_sub(doubles_mul(whole, doubles_set(1 / STEPS)), depth);
        doubles p = doubles_set(POLY_6);

        p = term_next(p, r, POLY_5);
        p = term_next(p, r, POLY_4);
        p = term_next(p, r, POLY_3);
        p = term_next(p, r, POLY_2);
        p = term_next(p, r, POLY_1);
        p = term_next(p, r, 1);
        doubles_store(middle + i, at);
        doubles_store(term + i, doubles_add(p, doubles_set(UNIT_AT)));
    }
}

static inline uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline size_t bin_of(double middle)
{
    return (size_t)(bits_of(middle) - bits_of(WHOLE));
}

static inline uint64_t units_of(double term)
{
    return bits_of(term) - bits_of(UNIT_AT);
}

#endif
