/* avx512.c - rows in vectors of 512 bits. */
#include "core/kernels/reduction.h"

#include <immintrin.h>

#define DOUBLES 8
#define WORDS 16
#define PIPES 2

typedef __m512d doubles;
typedef __m512i words;

#define doubles_set(x) _mm512_set1_pd(x)
#define doubles_load(at) _mm512_loadu_pd(at)
#define doubles_store(at, x) _mm512_storeu_pd(at, x)
#define doubles_add(a, b) _mm512_add_pd(a, b)
#define doubles_sub(a, b) _mm512_sub_pd(a, b)
#define doubles_mul(a, b) _mm512_mul_pd(a, b)
#define doubles_fma(a, b, c) _mm512_fmadd_pd(a, b, c)
#define doubles_fms(a, b, c) _mm512_fmsub_pd(a, b, c)
#define doubles_max(a, b) _mm512_max_pd(a, b)
#define doubles_min(a, b) _mm512_min_pd(a, b)
#define doubles_from_least(x, least, y)                                                            \
    _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, least, _CMP_GE_OQ), y)
#define doubles_any_bad(x) (_mm512_cmp_pd_mask(x, _mm512_set1_pd(HUGE_VAL), _CMP_NLT_UQ) != 0)

/* The low four bits choose from the table. */
static inline void doubles_powers(const doubles rounded[2], doubles power[2])
{
    const __m512i low = _mm512_loadu_si512(powers), high = _mm512_loadu_si512(powers + 8);

    for (size_t i = 0; i < 2; i++) {
        const __m512i bits = _mm512_castpd_si512(rounded[i]);
        const __m512i table = _mm512_permutex2var_epi64(low, bits, high);

        power[i] = _mm512_castsi512_pd(_mm512_add_epi64(table, _mm512_slli_epi64(bits, 48)));
    }
}

static inline size_t doubles_append(double *out, doubles x, doubles number, doubles most)
{
    const __mmask8 mask = _mm512_cmp_pd_mask(number, most, _CMP_LE_OQ);

    _mm512_storeu_pd(out, _mm512_maskz_compress_pd(mask, x));
    return (size_t)__builtin_popcount(mask);
}

static inline doubles doubles_from(enum dtype dtype, const char *at)
{
    const void *here = at;

    switch (dtype) {
    case DTYPE_F32:
        return _mm512_cvtps_pd(_mm256_loadu_ps(here));
    case DTYPE_F16:
        return _mm512_cvtps_pd(_mm256_cvtph_ps(_mm_loadu_si128(here)));
    case DTYPE_BF16:
        return _mm512_cvtps_pd(_mm256_castsi256_ps(
            _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(here)), 16)));
    default:
        return _mm512_loadu_pd(here);
    }
}

#define words_set(x) _mm512_set1_epi32(x)
#define words_max(a, b) _mm512_max_epi32(a, b)
#define words_min(a, b) _mm512_min_epi32(a, b)
#define words_max_unsigned(a, b) _mm512_max_epu32(a, b)
#define words_larger(a, b)                                                                         \
    _mm512_castps_si512(_mm512_max_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b)))
#define words_largest(x) _mm512_reduce_max_ps(_mm512_castsi512_ps(x))
#define words_highest(x) _mm512_reduce_max_epi32(x)
#define words_lowest(x) _mm512_reduce_min_epi32(x)
#define words_highest_unsigned(x) _mm512_reduce_max_epu32(x)

static inline words words_from(enum dtype dtype, const char *at)
{
    const void *here = at;

    switch (dtype) {
    case DTYPE_F16:
        return _mm512_castps_si512(_mm512_cvtph_ps(_mm256_loadu_si256(here)));
    case DTYPE_BF16:
        return _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(here)), 16);
    default:
        return _mm512_loadu_si512(here);
    }
}

static inline uint32_t words_equal(words x, float single)
{
    return _mm512_cmp_ps_mask(_mm512_castsi512_ps(x), _mm512_set1_ps(single), _CMP_EQ_OQ);
}

static inline uint32_t words_above(words x, float single)
{
    return _mm512_cmp_ps_mask(_mm512_castsi512_ps(x), _mm512_set1_ps(single), _CMP_GT_OQ);
}

#include "core/kernels/wide_order.h"

#include "core/kernels/diverge.h"
#include "core/kernels/keep.h"

extern const struct kernel kernel_avx512;
const struct kernel kernel_avx512 = {"avx512", wide_reduce, wide_order, lanes_keep, lanes_diverge};
