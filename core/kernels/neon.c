/* neon.c - rows in vectors of 128 bits. */
#include "core/kernels/reduction.h"

#include <arm_neon.h>

#define DOUBLES 2
#define WORDS 4
#define PIPES 4

typedef float64x2_t doubles;
typedef int32x4_t words;

#define doubles_set(x) vdupq_n_f64(x)
#define doubles_load(at) vld1q_f64(at)
#define doubles_store(at, x) vst1q_f64(at, x)
#define doubles_add(a, b) vaddq_f64(a, b)
#define doubles_sub(a, b) vsubq_f64(a, b)
#define doubles_mul(a, b) vmulq_f64(a, b)
#define doubles_fma(a, b, c) vfmaq_f64(c, a, b)
#define doubles_fms(a, b, c) vfmaq_f64(vnegq_f64(c), a, b)
#define doubles_max(a, b) vmaxq_f64(a, b)
#define doubles_min(a, b) vminq_f64(a, b)
#define doubles_from_least(x, least, y)                                                            \
    vreinterpretq_f64_u64(vandq_u64(vcgeq_f64(x, least), vreinterpretq_u64_f64(y)))

static inline bool doubles_any_bad(doubles x)
{
    const uint64x2_t good = vcltq_f64(x, vdupq_n_f64(HUGE_VAL));

    return (vgetq_lane_u64(good, 0) & vgetq_lane_u64(good, 1)) == 0;
}

static inline size_t doubles_append(double *out, doubles x, doubles number, doubles most)
{
    const uint64x2_t good = vcleq_f64(number, most);
    const size_t first = vgetq_lane_u64(good, 0) & 1;

    vst1q_lane_f64(out, x, 0);
    vst1q_lane_f64(out + first, x, 1);
    return first + (vgetq_lane_u64(good, 1) & 1);
}

static inline void doubles_powers(const doubles rounded[2], doubles power[2])
{
    for (size_t i = 0; i < 2; i++) {
        const uint64x2_t bits = vreinterpretq_u64_f64(rounded[i]);
        const uint64x2_t table = {powers[vgetq_lane_u64(bits, 0) & 15],
                                  powers[vgetq_lane_u64(bits, 1) & 15]};

        power[i] = vreinterpretq_f64_u64(vaddq_u64(table, vshlq_n_u64(bits, 48)));
    }
}

/* Two or four halves from any address. */
static inline uint16x4_t halves(const char *at, size_t count)
{
    uint16_t values[4] = {0};

    memcpy(values, at, count * sizeof *values);
    return vld1_u16(values);
}

static inline float32x4_t widen_halves(enum dtype dtype, uint16x4_t x)
{
    return dtype == DTYPE_F16 ? vcvt_f32_f16(vreinterpret_f16_u16(x))
                              : vreinterpretq_f32_u32(vshll_n_u16(x, 16));
}

static inline doubles doubles_from(enum dtype dtype, const char *at)
{
    switch (dtype) {
    case DTYPE_F32:
        return vcvt_f64_f32(vreinterpret_f32_u8(vld1_u8((const uint8_t *)at)));
    case DTYPE_F16:
    case DTYPE_BF16:
        return vcvt_f64_f32(vget_low_f32(widen_halves(dtype, halves(at, 2))));
    default:
        return vreinterpretq_f64_u8(vld1q_u8((const uint8_t *)at));
    }
}

#define words_set(x) vdupq_n_s32(x)
#define words_max(a, b) vmaxq_s32(a, b)
#define words_min(a, b) vminq_s32(a, b)
#define words_max_unsigned(a, b)                                                                   \
    vreinterpretq_s32_u32(vmaxq_u32(vreinterpretq_u32_s32(a), vreinterpretq_u32_s32(b)))
#define words_larger(a, b)                                                                         \
    vreinterpretq_s32_f32(vmaxq_f32(vreinterpretq_f32_s32(a), vreinterpretq_f32_s32(b)))
#define words_largest(x) vmaxvq_f32(vreinterpretq_f32_s32(x))
#define words_highest(x) vmaxvq_s32(x)
#define words_lowest(x) vminvq_s32(x)
#define words_highest_unsigned(x) vmaxvq_u32(vreinterpretq_u32_s32(x))

static inline words words_from(enum dtype dtype, const char *at)
{
    if (dtype == DTYPE_F32)
        return vreinterpretq_s32_u8(vld1q_u8((const uint8_t *)at));
    return vreinterpretq_s32_f32(widen_halves(dtype, halves(at, 4)));
}

/* A mask with one bit for each of the four. */
static inline uint32_t mask_of(uint32x4_t x)
{
    const uint32x4_t bits = {1, 2, 4, 8};

    return vaddvq_u32(vandq_u32(x, bits));
}

static inline uint32_t words_equal(words x, float single)
{
    return mask_of(vceqq_f32(vreinterpretq_f32_s32(x), vdupq_n_f32(single)));
}

static inline uint32_t words_above(words x, float single)
{
    return mask_of(vcgtq_f32(vreinterpretq_f32_s32(x), vdupq_n_f32(single)));
}

#include "core/kernels/wide_order.h"

#include "core/kernels/diverge.h"
#include "core/kernels/keep.h"

extern const struct kernel kernel_neon;
const struct kernel kernel_neon = {"neon", wide_reduce, wide_order, lanes_keep, lanes_diverge};
