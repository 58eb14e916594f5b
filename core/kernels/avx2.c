/* avx2.c - rows in vectors of 256 bits. */
#include "core/kernels/reduction.h"

#include <immintrin.h>

#define DOUBLES 4
#define WORDS 8
#define PIPES 2

typedef __m256d doubles;
typedef __m256i words;

#define doubles_set(x) _mm256_set1_pd(x)
#define doubles_load(at) _mm256_loadu_pd(at)
#define doubles_store(at, x) _mm256_storeu_pd(at, x)
#define doubles_add(a, b) _mm256_add_pd(a, b)
#define doubles_sub(a, b) _mm256_sub_pd(a, b)
#define doubles_mul(a, b) _mm256_mul_pd(a, b)
#define doubles_fma(a, b, c) _mm256_fmadd_pd(a, b, c)
#define doubles_fms(a, b, c) _mm256_fmsub_pd(a, b, c)
#define doubles_max(a, b) _mm256_max_pd(a, b)
#define doubles_min(a, b) _mm256_min_pd(a, b)
#define doubles_from_least(x, least, y) _mm256_and_pd(_mm256_cmp_pd(x, least, _CMP_GE_OQ), y)
#define doubles_any_bad(x)                                                                         \
    (_mm256_movemask_pd(_mm256_cmp_pd(x, _mm256_set1_pd(HUGE_VAL), _CMP_NLT_UQ)) != 0)

/* Half of `powers`, the low or the high 32 bits of eight of them. */
static inline __m256i powers_half(size_t first, size_t half)
{
    const uint64_t *at = powers + first;
    const unsigned shift = half == 0 ? 0 : 32;

    return _mm256_setr_epi32((int)(at[0] >> shift), (int)(at[1] >> shift), (int)(at[2] >> shift),
                             (int)(at[3] >> shift), (int)(at[4] >> shift), (int)(at[5] >> shift),
                             (int)(at[6] >> shift), (int)(at[7] >> shift));
}

/* Look up one half of eight powers: three bits of an index choose in each table, the fourth one
 * chooses the table. */
static inline __m256i powers_find(__m256i index, size_t half)
{
    const __m256i low = _mm256_permutevar8x32_epi32(powers_half(0, half), index);
    const __m256i high = _mm256_permutevar8x32_epi32(powers_half(8, half), index);

    return _mm256_castps_si256(_mm256_blendv_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high),
                                                _mm256_castsi256_ps(_mm256_slli_epi32(index, 28))));
}

/* The sixteenths change the high halves only. */
static inline void doubles_powers(const doubles rounded[2], doubles power[2])
{
    const __m256i index = _mm256_castps_si256(_mm256_shuffle_ps(
        _mm256_castpd_ps(rounded[0]), _mm256_castpd_ps(rounded[1]), _MM_SHUFFLE(2, 0, 2, 0)));
    const __m256i low = powers_find(index, 0);
    const __m256i high = _mm256_add_epi32(powers_find(index, 1), _mm256_slli_epi32(index, 16));

    power[0] = _mm256_castsi256_pd(_mm256_unpacklo_epi32(low, high));
    power[1] = _mm256_castsi256_pd(_mm256_unpackhi_epi32(low, high));
}

/* For each mask of four doubles, the eight halves that are moved to the front. */
static const uint64_t fronts[16] = {
    0x0000000000000000, 0x0000000000000100, 0x0000000000000302, 0x0000000003020100,
    0x0000000000000504, 0x0000000005040100, 0x0000000005040302, 0x0000050403020100,
    0x0000000000000706, 0x0000000007060100, 0x0000000007060302, 0x0000070603020100,
    0x0000000007060504, 0x0000070605040100, 0x0000070605040302, 0x0706050403020100,
};

static inline size_t doubles_append(double *out, doubles x, doubles number, doubles most)
{
    const unsigned mask = (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(number, most, _CMP_LE_OQ));
    const __m256i front = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)&fronts[mask]));

    _mm256_storeu_pd(out, _mm256_castps_pd(_mm256_permutevar8x32_ps(_mm256_castpd_ps(x), front)));
    return (size_t)__builtin_popcount(mask);
}

static inline doubles doubles_from(enum dtype dtype, const char *at)
{
    const void *here = at;

    switch (dtype) {
    case DTYPE_F32:
        return _mm256_cvtps_pd(_mm_loadu_ps(here));
    case DTYPE_F16:
        return _mm256_cvtps_pd(_mm_cvtph_ps(_mm_loadl_epi64(here)));
    case DTYPE_BF16:
        return _mm256_cvtps_pd(
            _mm_castsi128_ps(_mm_slli_epi32(_mm_cvtepu16_epi32(_mm_loadl_epi64(here)), 16)));
    default:
        return _mm256_loadu_pd(here);
    }
}

#define words_set(x) _mm256_set1_epi32(x)
#define words_max(a, b) _mm256_max_epi32(a, b)
#define words_min(a, b) _mm256_min_epi32(a, b)
#define words_max_unsigned(a, b) _mm256_max_epu32(a, b)

static inline words words_from(enum dtype dtype, const char *at)
{
    const void *here = at;

    switch (dtype) {
    case DTYPE_F16:
        return _mm256_castps_si256(_mm256_cvtph_ps(_mm_loadu_si128(here)));
    case DTYPE_BF16:
        return _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(here)), 16);
    default:
        return _mm256_loadu_si256(here);
    }
}

static inline words words_larger(words a, words b)
{
    return _mm256_castps_si256(_mm256_max_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b)));
}

static inline float words_largest(words x)
{
    const __m256 all = _mm256_castsi256_ps(x);
    __m128 best = _mm_max_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));

    best = _mm_max_ps(best, _mm_movehl_ps(best, best));
    return _mm_cvtss_f32(_mm_max_ss(best, _mm_shuffle_ps(best, best, 1)));
}

static inline int32_t words_highest(words x)
{
    __m128i best = _mm_max_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));

    best = _mm_max_epi32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(1, 0, 3, 2)));
    best = _mm_max_epi32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(best);
}

static inline int32_t words_lowest(words x)
{
    __m128i best = _mm_min_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));

    best = _mm_min_epi32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(1, 0, 3, 2)));
    best = _mm_min_epi32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(2, 3, 0, 1)));
    return _mm_cvtsi128_si32(best);
}

static inline uint32_t words_highest_unsigned(words x)
{
    __m128i best = _mm_max_epu32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));

    best = _mm_max_epu32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(1, 0, 3, 2)));
    best = _mm_max_epu32(best, _mm_shuffle_epi32(best, _MM_SHUFFLE(2, 3, 0, 1)));
    return (uint32_t)_mm_cvtsi128_si32(best);
}

static inline uint32_t words_equal(words x, float single)
{
    return (uint32_t)_mm256_movemask_ps(
        _mm256_cmp_ps(_mm256_castsi256_ps(x), _mm256_set1_ps(single), _CMP_EQ_OQ));
}

static inline uint32_t words_above(words x, float single)
{
    return (uint32_t)_mm256_movemask_ps(
        _mm256_cmp_ps(_mm256_castsi256_ps(x), _mm256_set1_ps(single), _CMP_GT_OQ));
}

#include "core/kernels/wide_order.h"

#include "core/kernels/diverge.h"
#include "core/kernels/keep.h"

extern const struct kernel kernel_avx2;
const struct kernel kernel_avx2 = {"avx2", wide_reduce, wide_order, lanes_keep, lanes_diverge};
