/* avx512.c - parses decimal numbers into floats, eight at a time, and decodes base64, on CPUs with
 * AVX-512 VBMI2 and BITALG.
 *
 * Eight numbers are loaded into lanes of 16 bytes (or 32), each aligned to its last character.  The
 * grammar of all eight is checked with operations on masks: for each number a word with one bit for
 * each character.  Then the digits become integers, and the integers become floats. */
#include "api/json/readers/rounds_types.h"

#include <immintrin.h>

/* ---- first stage: where numbers are ---- */

enum { IS_NUMBER = 1, IS_COMMA = 2, IS_SPACE = 4, IS_OTHER = 128 };

#define O IS_OTHER
#define S IS_SPACE
#define N IS_NUMBER
#define C IS_COMMA
/* The class of each ASCII character. */
/* clang-format off */
static const unsigned char classes[128] = {
    O, O, O, O, O, O, O, O, O, S, S, O, O, S, O, O,
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    S, O, O, O, O, O, O, O, O, O, O, N, C, N, N, O, /*   + , - . */
    N, N, N, N, N, N, N, N, N, N, O, O, O, O, O, O, /* 0 to 9 */
    O, O, O, O, O, N, O, O, O, O, O, O, O, O, O, O, /* E */
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    O, O, O, O, O, N, O, O, O, O, O, O, O, O, O, O, /* e */
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
};
/* clang-format on */
#undef O
#undef S
#undef N
#undef C

/* Append the positions of the bits of a mask. */
static inline size_t put_positions(uint16_t *out, uint64_t mask, size_t base)
{
    const __m512i iota = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
        40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
        17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m256i positions = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(mask, iota));

    _mm512_storeu_si512(
        out, _mm512_add_epi16(_mm512_cvtepu8_epi16(positions), _mm512_set1_epi16((short)base)));
    return (size_t)_mm_popcnt_u64(mask);
}

static inline struct block classify(const char *text, size_t left)
{
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i class = _mm512_permutex2var_epi8(_mm512_loadu_si512(classes), bytes,
                                                   _mm512_loadu_si512(classes + 64));
    const uint64_t there = left < BLOCK ? (UINT64_C(1) << left) - 1 : UINT64_MAX;

    return (struct block){_mm512_test_epi8_mask(class, _mm512_set1_epi8(IS_NUMBER)) & there,
                          _mm512_test_epi8_mask(class, _mm512_set1_epi8(IS_COMMA)) & there,
                          _mm512_movepi8_mask(_mm512_or_si512(class, bytes)) | ~there};
}

/* ---- second stage: what numbers are ---- */

static const double powers_of_ten[32] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Words for each number, with one bit for each character; the last one is in the highest bit. */
struct masks {
    __m256i digits, points, minuses, zeros;
};

/* The result of checking a group. */
struct check_context {
    __m256i moved;    /* bytes before and at the point */
    __m256i digits;   /* number of digits */
    __m256i fraction; /* number of digits after the point */
    __mmask8 negative;
    __mmask8 odd; /* not a short plain decimal, or not valid */
};

static inline __m256i minus_one(__m256i words)
{
    return _mm256_add_epi32(words, _mm256_set1_epi32(-1));
}

/* Check RFC 8259 section 6, without exponents, for numbers of at most `width` characters. */
static inline struct check_context judge(const struct masks *masks, __m256i length, int width)
{
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi32(-1);
    const __m256i there = _mm256_sllv_epi32(ones, _mm256_sub_epi32(_mm256_set1_epi32(32), length));
    const __m256i digits = _mm256_and_si256(masks->digits, there);
    const __m256i points = _mm256_and_si256(masks->points, there);
    const __m256i minuses = _mm256_and_si256(masks->minuses, there);
    const __m256i first = _mm256_and_si256(there, _mm256_sub_epi32(zero, there));
    const __m256i start = _mm256_add_epi32(first, minuses); /* the first digit */
    const __m256i leading = _mm256_and_si256(masks->zeros, start);
    const __mmask8 has_point = _mm256_test_epi32_mask(points, points);
    const __m256i moved = _mm256_maskz_xor_epi32(has_point, points, minus_one(points));
    __m256i bad =
        _mm256_xor_si256(_mm256_or_si256(digits, _mm256_or_si256(points, minuses)), there);

    bad = _mm256_or_si256(bad, _mm256_andnot_si256(first, minuses)); /* a minus must come first */
    bad = _mm256_or_si256(bad, _mm256_andnot_si256(digits, start));
    bad = _mm256_or_si256(bad, _mm256_and_si256(points, minus_one(points))); /* at most one point */
    bad = _mm256_or_si256(bad, _mm256_andnot_si256(digits, _mm256_slli_epi32(points, 1)));
    bad = _mm256_or_si256(bad, _mm256_srli_epi32(points, 31)); /* a digit must follow the point */
    bad = _mm256_or_si256(bad, _mm256_and_si256(digits, _mm256_slli_epi32(leading, 1)));
    return (struct check_context){
        .moved = moved,
        .digits = _mm256_popcnt_epi32(digits),
        .fraction = _mm256_maskz_popcnt_epi32(has_point, _mm256_andnot_si256(moved, ones)),
        .negative = _mm256_test_epi32_mask(minuses, minuses),
        .odd = (__mmask8)(_mm256_test_epi32_mask(bad, bad) | _mm256_testn_epi32_mask(start, start)
                          | _mm256_cmpgt_epi32_mask(length, _mm256_set1_epi32(width))),
    };
}

/* Convert two vectors with lanes of 16 digits to integers, in this order: x's first lane, y's
 * first, x's second, ... */
static inline __m512i sixteen_digits(__m512i x, __m512i y)
{
    const __m512i pairs = _mm512_set1_epi16(1 << 8 | 10), fours = _mm512_set1_epi32(1 << 16 | 100);
    const __m512i eights = _mm512_set1_epi32(1 << 16 | 10000);
    const __m512i low = _mm512_madd_epi16(_mm512_maddubs_epi16(x, pairs), fours);
    const __m512i high = _mm512_madd_epi16(_mm512_maddubs_epi16(y, pairs), fours);
    const __m512i halves = _mm512_madd_epi16(_mm512_packus_epi32(low, high), eights);

    return _mm512_add_epi64(_mm512_mul_epu32(halves, _mm512_set1_epi64(100000000)),
                            _mm512_srli_epi64(halves, 32));
}

/* 10^fraction, fraction < 32. */
static inline __m512d power_of_ten(__m256i fraction)
{
    const __m512i index = _mm512_cvtepu32_epi64(fraction);
    const __m512d low = _mm512_permutex2var_pd(_mm512_loadu_pd(powers_of_ten), index,
                                               _mm512_loadu_pd(powers_of_ten + 8));
    const __m512d high = _mm512_permutex2var_pd(_mm512_loadu_pd(powers_of_ten + 16), index,
                                                _mm512_loadu_pd(powers_of_ten + 24));

    return _mm512_mask_mov_pd(low, _mm512_test_epi64_mask(index, _mm512_set1_epi64(16)), high);
}

/* The result of a group. */
struct values {
    __m256 singles;
    __mmask8 odd; /* undecided */
};

/* Round w / 10^fraction to floats.  w has an error of at most 1.5 units in the last place of a
 * double, the quotient of 2.  A double has 29 bits more than a float.  If these bits are within 8
 * units of the midpoint, the number is undecided.  All values are 0 or normal floats: 10^-22 to
 * 10^19. */
static inline struct values round_to_singles(__m512d w, const struct check_context *context)
{
    const __m512d value = _mm512_div_pd(w, power_of_ten(context->fraction));
    const __m512i distance = _mm512_and_si512(
        _mm512_add_epi64(_mm512_castpd_si512(value), _mm512_set1_epi64(8 - 0x10000000)),
        _mm512_set1_epi64(0x1fffffff));
    const __m256 singles = _mm512_cvtpd_ps(value), sign = _mm256_set1_ps(-0.0F);

    return (struct values){
        _mm256_mask_xor_ps(singles, context->negative, singles, sign),
        (__mmask8)(context->odd | _mm512_cmple_epu64_mask(distance, _mm512_set1_epi64(16)))};
}

static inline uint64_t equal_to(__m512i bytes, char c)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

static inline uint64_t are_digits(__m512i bytes)
{
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')),
                                  _mm512_set1_epi8(10));
}

/* Move the bytes up to the point (`moved`) up by one in each lane, over the point.  Then all digits
 * (`there`) are at the end. */
static inline __m512i gather_digits(__m512i bytes, __m512i shifted, uint64_t moved, uint64_t there)
{
    return _mm512_maskz_sub_epi8(there, _mm512_mask_mov_epi8(bytes, moved, shifted),
                                 _mm512_set1_epi8('0'));
}

/* The highest `count` bits of each word. */
static inline __m256i highest(__m256i count)
{
    return _mm256_sllv_epi32(_mm256_set1_epi32(-1), _mm256_sub_epi32(_mm256_set1_epi32(32), count));
}

/* ---- lanes of 16 bytes: numbers 0, 2, 4 and 6 in one vector, the others in another ---- */

static inline __m512i load_four(const char *text, const uint16_t *end)
{
    __m512i lanes = _mm512_castsi128_si512(_mm_loadu_si128((const void *)(text + end[0] - 16)));

    lanes = _mm512_inserti32x4(lanes, _mm_loadu_si128((const void *)(text + end[2] - 16)), 1);
    lanes = _mm512_inserti32x4(lanes, _mm_loadu_si128((const void *)(text + end[4] - 16)), 2);
    return _mm512_inserti32x4(lanes, _mm_loadu_si128((const void *)(text + end[6] - 16)), 3);
}

/* Turn masks of the two vectors into words of 32 bits, whose lower halves are 0. */
static inline __m256i words_of_16(uint64_t even, uint64_t odd)
{
    const __m256i low = _mm256_cvtepu16_epi64(_mm_cvtsi64_si128((long long)even));
    const __m256i high = _mm256_cvtepu16_epi64(_mm_cvtsi64_si128((long long)odd));

    return _mm256_or_si256(_mm256_slli_epi64(low, 16), _mm256_slli_epi64(high, 48));
}

static inline uint64_t even_of_16(__m256i words)
{
    return (uint64_t)_mm_cvtsi128_si64(_mm256_cvtepi64_epi16(_mm256_srli_epi64(words, 16)));
}

static inline uint64_t odd_of_16(__m256i words)
{
    return (uint64_t)_mm_cvtsi128_si64(_mm256_cvtepi64_epi16(_mm256_srli_epi64(words, 48)));
}

static inline struct values read_short(const char *text, const uint16_t *end, __m256i length)
{
    const __m512i even = load_four(text, end), odd = load_four(text, end + 1);
    const struct masks masks = {
        words_of_16(are_digits(even), are_digits(odd)),
        words_of_16(equal_to(even, '.'), equal_to(odd, '.')),
        words_of_16(equal_to(even, '-'), equal_to(odd, '-')),
        words_of_16(equal_to(even, '0'), equal_to(odd, '0')),
    };
    const struct check_context context = judge(&masks, length, 16);
    const __m256i there = highest(context.digits);
    const __m512i w = sixteen_digits(gather_digits(even, _mm512_bslli_epi128(even, 1),
                                                   even_of_16(context.moved), even_of_16(there)),
                                     gather_digits(odd, _mm512_bslli_epi128(odd, 1),
                                                   odd_of_16(context.moved), odd_of_16(there)));

    return round_to_singles(_mm512_cvtepu64_pd(w), &context);
}

/* ---- lanes of 32 bytes: numbers 0 and 2, 1 and 3, 4 and 6, 5 and 7 ---- */

static inline __m512i load_two(const char *text, const uint16_t *end)
{
    const __m256i low = _mm256_loadu_si256((const void *)(text + end[0] - 32));
    const __m256i high = _mm256_loadu_si256((const void *)(text + end[2] - 32));

    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

static inline __m256i words_of_32(const uint64_t masks[4])
{
    const __m256i even = _mm256_set_epi64x(0, (long long)masks[2], 0, (long long)masks[0]);
    const __m256i odd = _mm256_set_epi64x(0, (long long)masks[3], 0, (long long)masks[1]);

    return _mm256_unpacklo_epi32(even, odd);
}

static inline void masks_of_32(__m256i words, uint64_t masks[4])
{
    _mm256_storeu_si256((void *)masks, _mm256_shuffle_epi32(words, _MM_SHUFFLE(3, 1, 2, 0)));
}

/* Move each lane up by one byte. */
static inline __m512i shift_of_32(__m512i lanes)
{
    const __m512i below = _mm512_maskz_shuffle_i64x2(0xcc, lanes, lanes, _MM_SHUFFLE(2, 2, 0, 0));

    return _mm512_alignr_epi8(lanes, below, 15);
}

/* Numbers of up to 19 digits: 10^16 times the upper lanes, plus the lower lanes. */
static inline __m512d twenty_digits(const __m512i digits[4])
{
    const __m512i first = sixteen_digits(digits[0], digits[1]);
    const __m512i second = sixteen_digits(digits[2], digits[3]);
    const __m512i high =
        _mm512_permutex2var_epi64(first, _mm512_set_epi64(13, 12, 9, 8, 5, 4, 1, 0), second);
    const __m512i low =
        _mm512_permutex2var_epi64(first, _mm512_set_epi64(15, 14, 11, 10, 7, 6, 3, 2), second);

    return _mm512_fmadd_pd(_mm512_cvtepu64_pd(high), _mm512_set1_pd(1e16), _mm512_cvtepu64_pd(low));
}

static inline struct values read_long(const char *text, const uint16_t *end, __m256i length)
{
    uint64_t digits[4], points[4], minuses[4], zeros[4];
    __m512i lanes[4];
    struct masks masks;
    struct check_context context;

    for (size_t i = 0; i < 4; i++) {
        lanes[i] = load_two(text, end + (i / 2 * 4 + i % 2));
        digits[i] = are_digits(lanes[i]);
        points[i] = equal_to(lanes[i], '.');
        minuses[i] = equal_to(lanes[i], '-');
        zeros[i] = equal_to(lanes[i], '0');
    }
    masks = (struct masks){words_of_32(digits), words_of_32(points), words_of_32(minuses),
                           words_of_32(zeros)};
    context = judge(&masks, length, 32);
    context.odd |= (__mmask8)(_mm256_cmpgt_epi32_mask(context.digits, _mm256_set1_epi32(19))
                              | _mm256_cmpgt_epi32_mask(context.fraction, _mm256_set1_epi32(22)));
    masks_of_32(context.moved, points);
    masks_of_32(highest(context.digits), digits);
    for (size_t i = 0; i < 4; i++)
        lanes[i] = gather_digits(lanes[i], shift_of_32(lanes[i]), points[i], digits[i]);
    return round_to_singles(twenty_digits(lanes), &context);
}

/* ---- groups ---- */

static inline __m256i load_lengths(const uint16_t *start, const uint16_t *end)
{
    return _mm256_cvtepu16_epi32(
        _mm_sub_epi16(_mm_loadu_si128((const void *)end), _mm_loadu_si128((const void *)start)));
}

static unsigned read_numbers(const char *text, const uint16_t *start, const uint16_t *end,
                             float out[GROUP])
{
    const __m256i length = load_lengths(start, end);
    const unsigned longer = _mm256_cmpgt_epi32_mask(length, _mm256_set1_epi32(16));
    const struct values values =
        longer & (longer - 1) ? read_long(text, end, length) : read_short(text, end, length);

    _mm256_storeu_ps(out, values.singles);
    return values.odd;
}

#include "api/json/readers/rounds.h"

static size_t read_f64(const char *text, const char *end, size_t room, double *out,
                       const char **next)
{
    return reader_portable.f64(text, end, room, out, next);
}

/* ---- base64 ---- */

/* Mula and Lemire, "Base64 encoding and decoding at almost the speed of a memory copy", 2019: one
 * permutation looks up 64 characters, two multiplications join their bits, and another permutation
 * joins the bytes. */

#define IN_ALPHABET 0x80
#define E(c, bits) [c] = IN_ALPHABET | (bits),
static const unsigned char base64_bytes[128] = {BASE64_ALPHABET(E)};
#undef E

/* Where the bytes of the groups are in the words that have them: 2, 1 and 0 of each word. */
#define W(word) 4 * (word) + 2, 4 * (word) + 1, 4 * (word)
static const unsigned char base64_places[64] = {W(0),  W(1),  W(2),  W(3), W(4),  W(5),
                                                W(6),  W(7),  W(8),  W(9), W(10), W(11),
                                                W(12), W(13), W(14), W(15)};
#undef W

/* Decode 64 characters into 48 bytes.  False: not all are in the alphabet. */
static inline bool base64_block(const char *text, unsigned char *out)
{
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i found = _mm512_permutex2var_epi8(_mm512_loadu_si512(base64_bytes), bytes,
                                                   _mm512_loadu_si512(base64_bytes + 64));
    const __m512i values = _mm512_and_si512(found, _mm512_set1_epi8(63));
    const __m512i pairs = _mm512_maddubs_epi16(values, _mm512_set1_epi16(1 << 8 | 1 << 6));
    const __m512i groups = _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 1 << 12));

    if (~_mm512_movepi8_mask(_mm512_andnot_si512(bytes, found)) != 0)
        return false;
    if (out)
        _mm512_mask_storeu_epi8(out, (UINT64_C(1) << 48) - 1,
                                _mm512_permutexvar_epi8(_mm512_loadu_si512(base64_places), groups));
    return true;
}

static size_t read_base64(const char *text, size_t groups, void *out)
{
    enum { AT_ONCE = 16 };
    unsigned char *bytes = out;
    size_t done = 0;

    while (groups - done >= AT_ONCE
           && base64_block(text + 4 * done, bytes ? bytes + 3 * done : NULL))
        done += AT_ONCE;
    return done + base64_groups(text + 4 * done, groups - done, bytes ? bytes + 3 * done : NULL);
}

extern const struct reader reader_avx512;
const struct reader reader_avx512 = {"avx512", read_f32, read_f64, read_base64};
