/* rows.h - rows of logits of every kind, as every dtype. */
#ifndef TESTS_UNIT_ROWS_H
#define TESTS_UNIT_ROWS_H

#include "tests/unit/random.h"

#include "core/row.h"

#include <math.h>
#include <stdbool.h>

/* ---- kinds of rows ---- */

enum kind {
    GAUSSIAN,
    GAUSSIAN_WIDE,
    UNIFORM,
    CONSTANT,
    OFFSET_1E4,
    OFFSET_MINUS_1E4,
    OFFSET_1E6,
    OFFSET_2_30,
    OFFSET_1E30,
    WINNER_50,
    WINNER_300,
    WINNER_680,
    HALF_MASKED,
    MOSTLY_MASKED,
    MASK_1E30,
    MASK_3E38,
    FIRST_BLOCK_1E30,
    SINGLE_FINITE,
    TINY_BESIDE_40,
    ASCENDING,
    DESCENDING,
    SPREAD_600,
    HUGE_MIXED,
    TIES,
    WINNER_FIRST,
    WINNER_LAST,
    ALL_MINUS_700,
    ALL_MINUS_1E30,
    ASCENDING_BLOCKS,
    KINDS
};

static inline double logit_of(enum kind kind, size_t i, size_t width, uint64_t *state)
{
    const double g = 3 * random_normal(state), u = random_unit(state);

    switch (kind) {
    case GAUSSIAN:
        return g;
    case GAUSSIAN_WIDE:
        return g * 8 / 3;
    case UNIFORM:
        return u * 20 - 10;
    case CONSTANT:
        return 1.25;
    case OFFSET_1E4:
        return g + 1e4;
    case OFFSET_MINUS_1E4:
        return g - 1e4;
    case OFFSET_1E6:
        return g + 1e6;
    case OFFSET_2_30:
        return g * 100 + 0x1p30;
    case OFFSET_1E30:
        return (1 + floor(u * 4) * 0x1p-22) * 1e30;
    case WINNER_50:
        return i == width / 3 ? 50 + g : g;
    case WINNER_300:
        return i == width / 3 ? 300 + g : g;
    case WINNER_680:
        return i == width / 3 ? 660 + g : g;
    case HALF_MASKED:
        return u < 0.5 && i != width / 2 ? -INFINITY : g;
    case MOSTLY_MASKED:
        return u < 0.99 && i != width / 2 ? -INFINITY : g;
    case MASK_1E30:
        return u < 0.5 && i != width / 2 ? -1e30 : g;
    case MASK_3E38:
        return u < 0.5 && i != width / 2 ? -3e38 : g;
    case FIRST_BLOCK_1E30:
        return i < 2048 && i != width - 1 ? -1e30 : g;
    case SINGLE_FINITE:
        return i == width / 2 ? -3 : -INFINITY;
    case TINY_BESIDE_40:
        return i == 0 ? 40 : u * 1e-9;
    case ASCENDING:
        return -30 + 40.0 * (double)i / (double)width;
    case DESCENDING:
        return 10 - 40.0 * (double)i / (double)width;
    case SPREAD_600:
        return u * 1200 - 600;
    case HUGE_MIXED:
        return u < 0.3 ? 3e38 * (random_unit(state) - 0.5) : g;
    case TIES:
        return floor(u * 3);
    case WINNER_FIRST:
        return i == 0 ? 20 : g;
    case WINNER_LAST:
        return i == width - 1 ? 20 : g;
    case ALL_MINUS_700:
        return -700 + g / 10;
    case ALL_MINUS_1E30:
        return -1e30;
    case ASCENDING_BLOCKS:
        return (double)(i / 2048) * 37 + g;
    case KINDS:
        break;
    }
    return 0;
}

/* ---- numbers as they come ---- */

struct sample {
    struct row row;
    double *exact; /* the values of the row, widened */
};

static inline void store(enum dtype dtype, double value, char *out)
{
    const float single = (float)value;
    uint32_t bits;
    uint16_t half;

    memcpy(&bits, &single, sizeof bits);
    if (dtype == DTYPE_F64)
        memcpy(out, &value, 8);
    else if (dtype == DTYPE_F32)
        memcpy(out, &single, 4);
    else if (dtype == DTYPE_BF16) {
        half = (uint16_t)(bits >> 16);
        memcpy(out, &half, 2);
    } else { /* truncated; beyond 65,504 it becomes a mask or the largest half */
        const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
        const int exponent = (int)(bits >> 23 & 255) - 127;

        half = exponent > 15 ? (uint16_t)(sign ? 0xfc00 : 0x7bff)
               : exponent < -14
                   ? sign
                   : (uint16_t)(sign | (uint32_t)(exponent + 15) << 10 | (bits >> 13 & 0x3ff));
        memcpy(out, &half, 2);
    }
}

static inline struct sample sample_make(enum kind kind, enum dtype dtype, size_t width,
                                        uint64_t seed)
{
    uint64_t state = seed * 977 + (uint64_t)kind * 31 + width;
    char *data = malloc(width * dtype_size(dtype));
    double *exact = malloc(width * sizeof *exact);

    for (size_t i = 0; i < width; i++)
        store(dtype, logit_of(kind, i, width, &state), data + i * dtype_size(dtype));
    dtype_widen(dtype, data, width, exact);
    return (struct sample){{data, width, dtype}, exact};
}

static inline void sample_free(struct sample *sample)
{
    free((void *)(uintptr_t)sample->row.data);
    free(sample->exact);
}

static inline bool fits(enum kind kind, enum dtype dtype)
{
    /* Rows whose values no half can hold. */
    const bool huge = kind == OFFSET_1E6 || kind == OFFSET_2_30 || kind == OFFSET_1E30
                      || kind == HUGE_MIXED || kind == ALL_MINUS_1E30;

    return dtype != DTYPE_F16 || !huge;
}

#endif
