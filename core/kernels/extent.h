/* extent.h - the extremes of some logits, in vectors (wide.h says what is needed). */
#ifndef CORE_KERNELS_EXTENT_H
#define CORE_KERNELS_EXTENT_H

#include "core/kernels/lanes.h"

#define INLINE static inline __attribute__((always_inline))

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

#endif
