/* exact_number.c - the exact value of a sum: schoolbook arithmetic with 64-bit words. */
#include "core/exact_number.h"

#include <string.h>

#define WORD_BITS 64
#define PRECISION 53 /* of a double */
#define REST (WORD_BITS - PRECISION)

__extension__ typedef unsigned __int128 uint128;

void exact_number_trim(struct exact_number *number)
{
    int zeros = 0;

    while (number->count > 0 && number->word[number->count - 1] == 0)
        number->count--;
    while (zeros < number->count && number->word[zeros] == 0)
        zeros++;
    if (zeros > 0) {
        number->count -= zeros;
        number->least += WORD_BITS * zeros;
        memmove(number->word, number->word + zeros, (size_t)number->count * sizeof *number->word);
    }
    if (number->count == 0)
        number->sign = 0;
}

/* word[0 .. count] += factor * of[0 .. count - 1]; the last word is set. */
static void add_row(uint64_t *word, uint64_t factor, const uint64_t *of, int count)
{
    uint64_t carry = 0;

    for (int i = 0; i < count; i++) {
        const uint128 sum = (uint128)factor * of[i] + word[i] + carry;

        word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> WORD_BITS);
    }
    word[count] = carry;
}

void exact_number_product(struct exact_number *product, const struct exact_number *a,
                          const struct exact_number *b)
{
    product->sign = a->sign * b->sign;
    product->least = a->least + b->least;
    product->count = product->sign == 0 ? 0 : a->count + b->count;
    memset(product->word, 0, (size_t)product->count * sizeof *product->word);
    for (int i = 0; product->sign != 0 && i < a->count; i++)
        if (a->word[i] != 0)
            add_row(product->word + i, a->word[i], b->word, b->count);
    exact_number_trim(product);
}

void exact_number_multiply(struct exact_number *number, uint64_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < number->count; i++) {
        const uint128 product = (uint128)factor * number->word[i] + carry;

        number->word[i] = (uint64_t)product;
        carry = (uint64_t)(product >> WORD_BITS);
    }
    if (carry != 0)
        number->word[number->count++] = carry;
    exact_number_trim(number);
}

/* The word whose lowest bit has the exponent `exponent`. */
static uint64_t word_at(const struct exact_number *number, int exponent)
{
    const int i = (exponent - number->least) / WORD_BITS;

    return exponent < number->least || i >= number->count ? 0 : number->word[i];
}

static int end_of(const struct exact_number *number)
{
    return number->least + WORD_BITS * number->count;
}

/* The order of |a| and |b|, which are not 0. */
static int compare_sizes(const struct exact_number *a, const struct exact_number *b)
{
    const int least = a->least < b->least ? a->least : b->least;

    if (end_of(a) != end_of(b))
        return end_of(a) < end_of(b) ? -1 : 1;
    for (int e = end_of(a) - WORD_BITS; e >= least; e -= WORD_BITS)
        if (word_at(a, e) != word_at(b, e))
            return word_at(a, e) < word_at(b, e) ? -1 : 1;
    return 0;
}

/* |a| + |b|, or |a| - |b| if `minus`; then |a| >= |b|. */
static void combine(struct exact_number *result, const struct exact_number *a,
                    const struct exact_number *b, uint64_t minus)
{
    const int least = a->least < b->least ? a->least : b->least;
    const int end = end_of(a) > end_of(b) ? end_of(a) : end_of(b);
    uint64_t carry = minus;

    result->least = least;
    result->count = (end - least) / WORD_BITS;
    for (int i = 0; i < result->count; i++) {
        const uint64_t term = word_at(b, least + WORD_BITS * i) ^ (0 - minus);
        const uint128 sum = (uint128)word_at(a, least + WORD_BITS * i) + term + carry;

        result->word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> WORD_BITS);
    }
    if (carry != minus)
        result->word[result->count++] = carry;
    exact_number_trim(result);
}

void exact_number_difference(struct exact_number *difference, const struct exact_number *a,
                             const struct exact_number *b)
{
    if (a->sign == 0 || b->sign == 0) {
        *difference = a->sign == 0 ? *b : *a;
        if (a->sign == 0)
            difference->sign = -b->sign;
        return;
    }
    difference->sign = a->sign;
    if (a->sign != b->sign) {
        combine(difference, a, b, 0);
    } else if (compare_sizes(a, b) >= 0) {
        combine(difference, a, b, 1);
    } else {
        difference->sign = -a->sign;
        combine(difference, b, a, 1);
    }
}

/* ---- rounding ---- */

static struct leading leading_of(const struct exact_number *number)
{
    const uint64_t *word = number->word;
    const int last = number->count - 1, shift = __builtin_clzll(word[last]);
    uint64_t top[3] = {0};

    for (int i = 0; i < 3 && i <= last; i++)
        top[i] = word[last - i];
    for (int i = 0; i < 3 && shift > 0; i++)
        top[i] = top[i] << shift | (i < 2 ? top[i + 1] >> (WORD_BITS - shift) : 0);
    return (struct leading){.bits = top[0],
                            .next = top[1],
                            .exponent = end_of(number) - 1 - shift,
                            .more = last > 2 || top[2] != 0, /* word[0] is not 0 */
                            .negative = number->sign < 0};
}

double exact_number_double(const struct exact_number *number)
{
    struct leading leading;

    if (number->sign == 0)
        return 0;
    leading = leading_of(number);
    return leading_double(&leading);
}

struct scaled exact_number_scaled(const struct exact_number *number)
{
    struct leading leading;

    if (number->sign == 0)
        return (struct scaled){0, 0};
    leading = leading_of(number);
    return leading_scaled(&leading);
}

void exact_number_split(const struct exact_number *number, double *high, double *low, int *exponent)
{
    struct leading leading;
    double first, second;

    *high = *low = 0;
    *exponent = 0;
    if (number->sign == 0)
        return;
    leading = leading_of(number);
    first = number->sign * (double)(leading.bits >> REST);
    second = number->sign * (double)(leading.bits << PRECISION >> REST | leading.next >> 2 * REST)
             * 0x1p-53;
    *high = first + second;
    *low = (first - *high) + second;
    *exponent = leading.exponent - PRECISION + 1;
}
