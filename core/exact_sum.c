/* exact_sum.c - exact sums. */
#include "core/exact_sum.h"

#include <math.h>
#include <string.h>

#define LIMB_BITS 32
#define LIMB_MASK 0xffffffff
#define FRACTION_BITS 52
#define FRACTION_MASK (((uint64_t)1 << FRACTION_BITS) - 1)
#define EXPONENT_MASK 0x7ff
/* Position 0 is the lowest bit of limb 0.  The lowest bit of a double has the exponent field -
 * BIAS. */
#define BIAS 1075
#define POSITION (-EXACT_LEAST - BIAS)
/* A term adds less than 2^53 to a limb, and a limb begins below 2^53. */
#define WAITS 512
#define TOP_MOST ((int64_t)1 << 52)
#define TOP_FOURTH                                                                                 \
    ((int64_t)1 << 30) /* four limbs of which the last is below this fit 128 bits                  \
                        */

enum { BEYOND_PLUS = 1, BEYOND_MINUS = 2, BEYOND_NAN = 4 };

/* Not inlined, so that what is done for each term saves no registers for it. */
#define COLD __attribute__((noinline))

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

void exact_sum_clear(struct exact_sum *sum)
{
    sum->first = sum->end = 0;
    sum->waits = 0;
    sum->beyond = 0;
}

/* A double: its whole number of units of the lowest bit, its exponent field, and -1 or 0 for the
 * sign. */
struct parts {
    uint64_t bits, field;
    int64_t sign;
};

static inline struct parts parts_of(double x)
{
    uint64_t bits, field;

    memcpy(&bits, &x, sizeof bits);
    field = bits >> FRACTION_BITS & EXPONENT_MASK;
    return (struct parts){.bits = (bits & FRACTION_MASK) | (uint64_t)(field != 0) << FRACTION_BITS,
                          .field = field + (field == 0),
                          .sign = -(int64_t)(bits >> 63)};
}

/* The amount with a sign. */
static inline int64_t signed_by(int64_t sign, uint64_t amount)
{
    return ((int64_t)amount ^ sign) - sign;
}

static void note(struct exact_sum *sum, double term)
{
    sum->beyond |= isnan(term) ? BEYOND_NAN : term > 0 ? BEYOND_PLUS : BEYOND_MINUS;
}

/* Take the limbs from `first` to `end` into use. */
static void extend(struct exact_sum *sum, int first, int end)
{
    int64_t *limb = sum->limb;

    if (sum->first == sum->end)
        sum->first = sum->end = first;
    for (; sum->first > first; sum->first--)
        limb[sum->first - 1] = 0;
    for (; sum->end < end; sum->end++)
        limb[sum->end] = 0;
}

/* Leave 32 bits in each limb but the last, which has the sign. */
static void carry(struct exact_sum *sum)
{
    int64_t rest = 0;

    for (int i = sum->first; i < sum->end - 1; i++) {
        const int64_t limb = sum->limb[i] + rest;

        sum->limb[i] = limb & LIMB_MASK;
        rest = limb >> LIMB_BITS;
    }
    sum->limb[sum->end - 1] += rest;
    for (int64_t *top = &sum->limb[sum->end - 1]; *top > TOP_MOST || *top < -TOP_MOST; top++) {
        extend(sum, sum->first, sum->end + 1);
        top[1] = *top >> LIMB_BITS;
        *top &= LIMB_MASK;
    }
    sum->waits = 0;
}

static inline bool has_room(const struct exact_sum *sum, int first, int count)
{
    return sum->waits < WAITS && first >= sum->first && first + count <= sum->end;
}

/* Prepare `count` limbs from `first` on for so many more terms. */
COLD static void make_room(struct exact_sum *sum, int first, int count, int terms)
{
    if (sum->waits + terms > WAITS)
        carry(sum);
    extend(sum, first, first + count);
}

/* Add bits, whose lowest one has this position, where there is room for two limbs. */
static inline void add_at(struct exact_sum *sum, const struct parts *parts, unsigned position)
{
    const unsigned shift = position % LIMB_BITS;
    int64_t *limb = sum->limb + position / LIMB_BITS;

    sum->waits++;
    limb[0] += signed_by(parts->sign, (uint32_t)(parts->bits << shift));
    limb[1] += signed_by(parts->sign, parts->bits >> (LIMB_BITS - shift));
}

/* The same where there is no room. */
COLD static void add_slowly(struct exact_sum *sum, double term, unsigned position)
{
    const struct parts parts = parts_of(term);

    if (term == 0) /* it would take the lowest limbs into use */
        return;
    make_room(sum, (int)(position / LIMB_BITS), 2, 1);
    add_at(sum, &parts, position);
}

void exact_sum_add(struct exact_sum *sum, double term)
{
    const struct parts parts = parts_of(term);
    const unsigned position = (unsigned)parts.field + POSITION;
    const int first = (int)(position / LIMB_BITS);

    if (parts.field == EXPONENT_MASK) {
        note(sum, term);
    } else if (has_room(sum, first, 2)) {
        add_at(sum, &parts, position);
    } else {
        add_slowly(sum, term, position);
    }
}

void exact_sum_add_scaled(struct exact_sum *sum, struct scaled term)
{
    struct parts parts = parts_of(term.value);
    int position = (int)parts.field + POSITION + term.exponent;

    if (term.exponent == 0) {
        exact_sum_add(sum, term.value);
        return;
    }
    if (parts.field == EXPONENT_MASK || position > (EXACT_LIMBS - 4) * LIMB_BITS) {
        note(sum, term.value * HUGE_VAL);
        return;
    }
    if (position < 0) { /* the lowest bits are 0 */
        parts.bits = position > -LIMB_BITS ? parts.bits >> -position : 0;
        position = 0;
    }
    make_room(sum, position / LIMB_BITS, 2, 1);
    add_at(sum, &parts, (unsigned)position);
}

/* Add the product of two numbers of bits, whose lowest bit has this position, where there is room.
 */
static inline void add_product_at(struct exact_sum *sum, uint128 product, unsigned position,
                                  int64_t sign)
{
    const unsigned shift = position % LIMB_BITS;
    const uint128 high = product >> (LIMB_BITS - shift);
    int64_t *limb = sum->limb + position / LIMB_BITS;

    sum->waits++;
    limb[0] += signed_by(sign, (uint32_t)((uint64_t)product << shift));
    limb[1] += signed_by(sign, (uint32_t)high);
    limb[2] += signed_by(sign, (uint64_t)high >> LIMB_BITS);
    limb[3] += signed_by(sign, (uint64_t)(high >> (2 * LIMB_BITS)));
}

COLD static void add_product_slowly(struct exact_sum *sum, uint128 product, unsigned position,
                                    int64_t sign)
{
    if (product == 0)
        return;
    make_room(sum, (int)(position / LIMB_BITS), 4, 1);
    add_product_at(sum, product, position, sign);
}

static inline void add_product(struct exact_sum *sum, uint128 product, unsigned position,
                               int64_t sign)
{
    if (has_room(sum, (int)(position / LIMB_BITS), 4))
        add_product_at(sum, product, position, sign);
    else
        add_product_slowly(sum, product, position, sign);
}

void exact_sum_add_product(struct exact_sum *sum, double a, double b)
{
    const struct parts x = parts_of(a), y = parts_of(b);

    if (x.field == EXPONENT_MASK || y.field == EXPONENT_MASK)
        note(sum, a * b);
    else
        add_product(sum, (uint128)x.bits * y.bits, (unsigned)(x.field + y.field) + POSITION - BIAS,
                    x.sign ^ y.sign);
}

void exact_sum_add_square(struct exact_sum *sum, double a)
{
    const struct parts x = parts_of(a);

    if (x.field == EXPONENT_MASK)
        note(sum, a * a);
    else
        add_product(sum, (uint128)x.bits * x.bits, 2 * (unsigned)x.field + POSITION - BIAS, 0);
}

/* ---- many terms ---- */

/* Terms of like size go to the same limbs.  A run of them is summed in variables, so that none
 * waits until the one before is in memory; then the run is added here. */
COLD static void add_run(struct exact_sum *sum, int first, const int64_t *limbs, int count,
                         int terms)
{
    if (terms == 0)
        return;
    make_room(sum, first, count, terms);
    for (int i = 0; i < count; i++)
        sum->limb[first + i] += limbs[i];
    sum->waits += terms;
}

/* Take a number apart as parts_of() does, with less work.  False: it is one of those that need
 * care: 0, subnormal, infinite or NaN. */
static inline bool take_normal(double x, struct parts *parts)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    parts->field = bits >> FRACTION_BITS & EXPONENT_MASK;
    parts->bits = (bits & FRACTION_MASK) | (uint64_t)1 << FRACTION_BITS;
    parts->sign = -(int64_t)(bits >> 63);
    return parts->field - 1 < EXPONENT_MASK - 1;
}

void exact_sum_add_all(struct exact_sum *sum, const double *terms, size_t count)
{
    int64_t low = 0, high = 0;
    int first = 0, run = 0;

    for (size_t i = 0; i < count; i++) {
        struct parts parts;
        unsigned position, shift;

        if (!take_normal(terms[i], &parts)) {
            exact_sum_add(sum, terms[i]);
            continue;
        }
        position = (unsigned)parts.field + POSITION;
        shift = position % LIMB_BITS;
        if (first != (int)(position / LIMB_BITS) || run == WAITS) {
            add_run(sum, first, (int64_t[]){low, high}, 2, run);
            first = (int)(position / LIMB_BITS);
            low = high = 0;
            run = 0;
        }
        run++;
        low += signed_by(parts.sign, (uint32_t)(parts.bits << shift));
        high += signed_by(parts.sign, parts.bits >> (LIMB_BITS - shift));
    }
    add_run(sum, first, (int64_t[]){low, high}, 2, run);
}

void exact_sum_add_squares(struct exact_sum *sum, const double *numbers, size_t count)
{
    int64_t a = 0, b = 0, c = 0, d = 0;
    int first = 0, run = 0;

    for (size_t i = 0; i < count; i++) {
        struct parts parts;
        unsigned position, shift;
        uint128 square, high;

        if (!take_normal(numbers[i], &parts)) {
            exact_sum_add_square(sum, numbers[i]);
            continue;
        }
        position = 2 * (unsigned)parts.field + POSITION - BIAS;
        shift = position % LIMB_BITS;
        square = (uint128)parts.bits * parts.bits;
        high = square >> (LIMB_BITS - shift);
        if (first != (int)(position / LIMB_BITS) || run == WAITS) {
            add_run(sum, first, (int64_t[]){a, b, c, d}, 4, run);
            first = (int)(position / LIMB_BITS);
            a = b = c = d = 0;
            run = 0;
        }
        run++;
        a += (uint32_t)((uint64_t)square << shift);
        b += (uint32_t)high;
        c += (uint32_t)(high >> LIMB_BITS);
        d += (int64_t)(high >> (2 * LIMB_BITS));
    }
    add_run(sum, first, (int64_t[]){a, b, c, d}, 4, run);
}

void exact_sum_merge(struct exact_sum *sum, const struct exact_sum *other)
{
    int64_t rest = 0;

    sum->beyond |= other->beyond;
    if (other->first == other->end)
        return;
    extend(sum, other->first, other->end);
    carry(sum);
    for (int i = other->first; i < other->end - 1; i++) {
        const int64_t limb = other->limb[i] + rest;

        sum->limb[i] += limb & LIMB_MASK;
        rest = limb >> LIMB_BITS;
    }
    sum->limb[other->end - 1] += other->limb[other->end - 1] + rest;
    sum->waits = WAITS;
}

bool exact_sum_is_finite(const struct exact_sum *sum)
{
    return sum->beyond == 0;
}

/* Subtract a number from 2 to the power where its words end. */
static void complement(struct exact_number *number)
{
    uint64_t rest = 1;

    for (int i = 0; i < number->count; i++) {
        number->word[i] = ~number->word[i] + rest;
        rest = rest != 0 && number->word[i] == 0;
    }
    if (rest != 0)
        number->word[number->count++] = 1;
}

void exact_sum_number(const struct exact_sum *sum, struct exact_number *number)
{
    const int first = sum->first & ~1; /* words have two limbs */
    int64_t rest = 0;
    int i;

    for (i = first; i < sum->end || i % 2 != 0 || (rest != 0 && rest != -1); i++) {
        const bool used = i >= sum->first && i < sum->end;
        const int64_t limb = (used ? sum->limb[i] : 0) + rest;
        uint64_t *word = &number->word[(i - first) / 2];

        *word = i % 2 == 0 ? (uint64_t)limb & LIMB_MASK : *word | (uint64_t)limb << LIMB_BITS;
        rest = limb >> LIMB_BITS;
    }
    number->count = (i - first) / 2;
    number->least = EXACT_LEAST + LIMB_BITS * first;
    number->sign = rest < 0 ? -1 : 1;
    if (rest < 0)
        complement(number);
    exact_number_trim(number);
}

/* The infinity or NaN of a sum that is not finite. */
static double beyond(const struct exact_sum *sum)
{
    return sum->beyond == BEYOND_PLUS    ? HUGE_VAL
           : sum->beyond == BEYOND_MINUS ? -HUGE_VAL
                                         : (double)NAN;
}

/* The leading bits of a sum that has four limbs or fewer, as most have.  False: it has more, or is
 * 0. */
static bool lead(const struct exact_sum *sum, struct leading *leading)
{
    const int count = sum->end - sum->first;
    int128 value = 0;
    uint128 size;
    int shift;

    if (count > 4 || (count == 4 && (sum->limb[sum->end - 1] + TOP_FOURTH) >> (LIMB_BITS - 1) != 0))
        return false;
    for (int i = sum->end - 1; i >= sum->first; i--)
        value = value * ((int64_t)1 << LIMB_BITS) + sum->limb[i];
    size = value < 0 ? 0 - (uint128)value : (uint128)value;
    if (size == 0)
        return false;
    shift =
        size >> 64 ? __builtin_clzll((uint64_t)(size >> 64)) : 64 + __builtin_clzll((uint64_t)size);
    size <<= shift;
    *leading = (struct leading){.bits = (uint64_t)(size >> 64),
                                .next = (uint64_t)size,
                                .exponent = EXACT_LEAST + LIMB_BITS * sum->first + 127 - shift,
                                .negative = value < 0};
    return true;
}

double exact_sum_double(const struct exact_sum *sum)
{
    struct exact_number number;
    struct leading leading;

    if (sum->beyond != 0)
        return beyond(sum);
    if (lead(sum, &leading))
        return leading_double(&leading);
    exact_sum_number(sum, &number);
    return exact_number_double(&number);
}

struct scaled exact_sum_scaled(const struct exact_sum *sum)
{
    struct exact_number number;
    struct leading leading;

    if (sum->beyond != 0)
        return (struct scaled){beyond(sum), 0};
    if (lead(sum, &leading))
        return leading_scaled(&leading);
    exact_sum_number(sum, &number);
    return exact_number_scaled(&number);
}
