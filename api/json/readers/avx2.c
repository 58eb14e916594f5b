/* avx2.c - parses decimal numbers into floats, and decodes base64, on CPUs with AVX2 and BMI2.
 *
 * Each number is loaded into 32 bytes, aligned to its last character.  Its grammar is checked with
 * operations on words that have one bit for each character. */
#include "api/json/readers/rounds_types.h"

#include <immintrin.h>

/* ---- first stage ---- */

/* The class of a character: the bits that are set for both halves of its byte. */
enum {
    IS_DIGIT = 1,
    IS_MARK = 2, /* + - . */
    IS_E = 4,
    IS_COMMA = 8,
    IS_BLANK = 16,
    IS_CONTROL = 32, /* tab, line feed, carriage return */
    IS_NUMBER = IS_DIGIT | IS_MARK | IS_E,
};

static inline __m256i classes_of(__m256i bytes)
{
    const __m256i by_low = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(IS_DIGIT | IS_BLANK, IS_DIGIT, IS_DIGIT, IS_DIGIT, IS_DIGIT, IS_DIGIT | IS_E,
                      IS_DIGIT, IS_DIGIT, IS_DIGIT, IS_DIGIT | IS_CONTROL, IS_CONTROL, IS_MARK,
                      IS_COMMA, IS_MARK | IS_CONTROL, IS_MARK, 0));
    const __m256i by_high = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(IS_CONTROL, 0, IS_MARK | IS_COMMA | IS_BLANK, IS_DIGIT, IS_E, 0, IS_E, 0, 0,
                      0, 0, 0, 0, 0, 0, 0));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

    return _mm256_and_si256(_mm256_shuffle_epi8(by_low, bytes), _mm256_shuffle_epi8(by_high, high));
}

static inline uint32_t mask_of(__m256i bytes)
{
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

static inline uint32_t equal_to(__m256i bytes, char c)
{
    return mask_of(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c)));
}

static inline uint64_t join(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

static inline struct block classify(const char *text, size_t left)
{
    const __m256i low = classes_of(_mm256_loadu_si256((const void *)text));
    const __m256i high = classes_of(_mm256_loadu_si256((const void *)(text + 32)));
    const __m256i number = _mm256_set1_epi8(IS_NUMBER);
    const uint64_t there = left < BLOCK ? (UINT64_C(1) << left) - 1 : UINT64_MAX;

    return (struct block){
        ~join(equal_to(_mm256_and_si256(low, number), 0),
              equal_to(_mm256_and_si256(high, number), 0))
            & there,
        join(equal_to(low, IS_COMMA), equal_to(high, IS_COMMA)) & there,
        join(equal_to(low, 0), equal_to(high, 0)) | ~there,
    };
}

/* Write positions eight at a time.  A constant number of steps usually overshoots the last
 * position; what is written after it is ignored. */
static inline size_t put_positions(uint16_t *out, uint64_t mask, size_t base)
{
    const size_t count = (size_t)_mm_popcnt_u64(mask);

    for (size_t i = 0; i < count; i += 8) {
        for (size_t k = 0; k < 8; k++) {
            out[i + k] = (uint16_t)(base + (size_t)_tzcnt_u64(mask));
            mask &= mask - 1;
        }
    }
    return count;
}

/* ---- second stage ---- */

static const double powers_of_ten[32] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#define MOST_DIGITS 19
#define MOST_FRACTION 22

/* The result of checking a number. */
struct check_context {
    unsigned moved;    /* bytes before and at the point, of the 32 */
    unsigned digits;   /* number of digits */
    unsigned fraction; /* number of digits after the point */
    uint32_t sign;     /* 1: negative */
    uint32_t odd;      /* not 0: not a short plain decimal, or not valid */
};

/* Check RFC 8259 section 6, without exponents.  The last character is in the highest bit of each
 * word.  There are no branches on the text: everything that depends on it is a mask. */
static inline struct check_context judge(__m256i bytes, __m256i values, unsigned length)
{
    const uint32_t there = (uint32_t)(UINT64_C(0xffffffff00000000) >> (length & 63));
    const uint32_t first = there & -there;
    const uint32_t digits =
        mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(values, _mm256_set1_epi8(9)), values)) & there;
    const uint32_t points = equal_to(bytes, '.') & there, minuses = equal_to(bytes, '-') & there;
    const uint32_t start = first + minuses; /* the first digit */
    const uint32_t leading = equal_to(bytes, '0') & start;
    const uint32_t bad = ((digits | points | minuses) ^ there)
                         | (minuses & ~first)                          /* it must come first */
                         | (start & ~digits) | (points & (points - 1)) /* at most one point */
                         | (points << 1 & ~digits) | points >> 31      /* a digit must follow it */
                         | (leading << 1 & digits);
    const unsigned pointed = 0U - (points != 0);
    const unsigned moved = ((unsigned)_tzcnt_u32(points) + 1) & pointed;
    const unsigned count = (unsigned)_mm_popcnt_u32(digits), fraction = (32 - moved) & pointed;
    const uint32_t odd =
        bad | (start == 0) | (length > 32) | (count > MOST_DIGITS) | (fraction > MOST_FRACTION);

    return (struct check_context){moved, count, fraction & 31, minuses != 0, odd};
}

/* Ones in the first `count` of 32 bytes. */
static inline __m256i first_bytes(unsigned count)
{
    static const unsigned char ramp[64] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                           255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                           255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

    return _mm256_loadu_si256((const void *)(ramp + 32 - count));
}

/* Convert 32 digits, of which the first 13 are 0, to a double.  They become two integers of 16
 * digits.  The second integer is rounded if it is above 2^53, and so is the sum; the product is
 * exact. */
static inline double value_of(__m256i digits)
{
    const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
    const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 100));
    const __m256i eights =
        _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(1 << 16 | 10000));
    const uint64_t high = (uint64_t)_mm256_extract_epi64(eights, 0);
    const uint64_t low = (uint64_t)_mm256_extract_epi64(eights, 2);

    return (double)(int64_t)((high & UINT32_MAX) * 100000000 + (high >> 32)) * 1e16
           + (double)(int64_t)((low & UINT32_MAX) * 100000000 + (low >> 32));
}

/* A group that is being converted: w / 10^fraction, and bits for each number. */
struct group {
    double w[GROUP], power[GROUP];
    uint32_t sign[GROUP]; /* the highest bit */
    unsigned odd;         /* one bit for each number */
};

/* Load the number of `length` characters before `end`.  The bytes before the point move up by one,
 * over the point; they are loaded from one byte earlier. */
static inline void take(struct group *group, unsigned i, const char *end, unsigned length)
{
    const __m256i zero = _mm256_set1_epi8('0');
    const __m256i bytes = _mm256_loadu_si256((const void *)(end - 32));
    const __m256i before = _mm256_loadu_si256((const void *)(end - 33));
    const struct check_context context = judge(bytes, _mm256_sub_epi8(bytes, zero), length);
    const __m256i gathered = _mm256_blendv_epi8(bytes, before, first_bytes(context.moved));
    const __m256i digits =
        _mm256_andnot_si256(first_bytes(32 - context.digits), _mm256_sub_epi8(gathered, zero));

    group->w[i] = value_of(digits);
    group->power[i] = powers_of_ten[context.fraction];
    group->sign[i] = context.sign << 31;
    group->odd |= (unsigned)(context.odd != 0) << i;
}

/* Round four numbers of a group to floats.  Returns a mask of those that are undecided.  A value
 * has an error of at most 2 units in its last place, and a float has 29 bits less.  If these bits
 * are within 8 units of the midpoint, the number is undecided. */
static inline unsigned round_four(const struct group *group, size_t i, float *out)
{
    const __m256d value =
        _mm256_div_pd(_mm256_loadu_pd(group->w + i), _mm256_loadu_pd(group->power + i));
    const __m256i distance = _mm256_and_si256(
        _mm256_add_epi64(_mm256_castpd_si256(value), _mm256_set1_epi64x(8 - 0x10000000)),
        _mm256_set1_epi64x(0x1fffffff));
    const __m256i near = _mm256_cmpgt_epi64(_mm256_set1_epi64x(17), distance);
    const __m128i sign = _mm_loadu_si128((const void *)(group->sign + i));

    _mm_storeu_ps(out, _mm_xor_ps(_mm256_cvtpd_ps(value), _mm_castsi128_ps(sign)));
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(near));
}

static unsigned read_numbers(const char *text, const uint16_t *start, const uint16_t *end,
                             float out[GROUP])
{
    struct group group;

    group.odd = 0;
    for (unsigned i = 0; i < GROUP; i++)
        take(&group, i, text + end[i], (unsigned)(end[i] - start[i]));
    return group.odd | round_four(&group, 0, out) | round_four(&group, 4, out + 4) << 4;
}

#include "api/json/readers/rounds.h"

static size_t read_f64(const char *text, const char *end, size_t room, double *out,
                       const char **next)
{
    return reader_portable.f64(text, end, room, out, next);
}

/* ---- base64 ---- */

/* Mula and Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", 2018: both halves
 * of a byte say whether it is in the alphabet, the high one what to add for its six bits, and two
 * multiplications join the bits. */

/* The ranges of the alphabet that have the same halves: the bits that are set for both. */
enum {
    IN_MARKS = 1,   /* 2x: + / */
    IN_DIGITS = 2,  /* 3x: 0 to 9 */
    IN_LETTERS = 4, /* 4x, 6x: A to O, a to o */
    IN_LAST = 8,    /* 5x, 7x: P to Z, p to z */
};

static inline __m256i both_lanes(__m128i lane)
{
    return _mm256_broadcastsi128_si256(lane);
}

/* Not 0 in each byte that is in the alphabet.  `high` are the high halves of the bytes. */
static inline __m256i base64_ranges(__m256i bytes, __m256i high)
{
    enum { MOST = IN_DIGITS | IN_LETTERS | IN_LAST };
    const __m256i by_low =
        both_lanes(_mm_setr_epi8(IN_DIGITS | IN_LAST, MOST, MOST, MOST, MOST, MOST, MOST, MOST,
                                 MOST, MOST, IN_LETTERS | IN_LAST, IN_LETTERS | IN_MARKS,
                                 IN_LETTERS, IN_LETTERS, IN_LETTERS, IN_LETTERS | IN_MARKS));
    const __m256i by_high = both_lanes(_mm_setr_epi8(0, 0, IN_MARKS, IN_DIGITS, IN_LETTERS, IN_LAST,
                                                     IN_LETTERS, IN_LAST, 0, 0, 0, 0, 0, 0, 0, 0));

    return _mm256_and_si256(_mm256_shuffle_epi8(by_low, bytes), _mm256_shuffle_epi8(by_high, high));
}

/* The six bits of each character.  The place 1 of the table, which no character has, is for '/'. */
static inline __m256i base64_values(__m256i bytes, __m256i high)
{
    const __m256i to_add =
        both_lanes(_mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', 0 - 'A', 0 - 'A', 26 - 'a',
                                 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i slash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('/')); /* -1 */

    return _mm256_add_epi8(bytes, _mm256_shuffle_epi8(to_add, _mm256_add_epi8(high, slash)));
}

/* Join the bits of 32 characters into 24 bytes, the first of the vector. */
static inline __m256i base64_join(__m256i values)
{
    const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi16(1 << 8 | 1 << 6));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 1 << 12));
    const __m256i lanes = _mm256_shuffle_epi8(
        groups, both_lanes(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));

    return _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

/* Decode 32 characters; 32 bytes are written, 24 of them count.  False: not all are in the
 * alphabet. */
static inline bool base64_block(const char *text, unsigned char *out)
{
    const __m256i bytes = _mm256_loadu_si256((const void *)text);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));

    if (equal_to(base64_ranges(bytes, high), 0) != 0)
        return false;
    if (out)
        _mm256_storeu_si256((void *)out, base64_join(base64_values(bytes, high)));
    return true;
}

static size_t read_base64(const char *text, size_t groups, void *out)
{
    enum { AT_ONCE = 8, ROOM = 11 }; /* 11 groups have room for 32 bytes */
    unsigned char *bytes = out;
    size_t done = 0;

    while (groups - done >= ROOM && base64_block(text + 4 * done, bytes ? bytes + 3 * done : NULL))
        done += AT_ONCE;
    return done + base64_groups(text + 4 * done, groups - done, bytes ? bytes + 3 * done : NULL);
}

extern const struct reader reader_avx2;
const struct reader reader_avx2 = {"avx2", read_f32, read_f64, read_base64};
