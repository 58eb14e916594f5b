/* exact_number.c - the exact value of a sum: schoolbook arithmetic with 64-bit words. */
#include "core/exact_number.h"

#include <stdbool.h>
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

static int end_of(const struct exact_number *number)
{
    return number->least + WORD_BITS * number->count;
}

/* Copy words that are in use to where their number has `before` words more at its lower end, and
 * `after` at its upper end, which are 0. */
static void widen(struct exact_number *to, const struct exact_number *from, int before, int after)
{
    to->least = from->least - WORD_BITS * before;
    to->count = before + from->count + after;
    for (int i = 0; i < before; i++)
        to->word[i] = 0;
    memcpy(to->word + before, from->word, (size_t)from->count * sizeof *from->word);
    for (int i = 0; i < after; i++)
        to->word[before + from->count + i] = 0;
}

/* word += of, and a carry of 0 or 1 to the words behind; of 64-bit words inverted by `inverted`,
 * with the carry that this begins with.  The last carry. */
static uint64_t add_words(uint64_t *word, int count, const uint64_t *of, int of_count,
                          uint64_t inverted)
{
    uint64_t carry = inverted & 1;

    for (int i = 0; i < count; i++) {
        const uint64_t term = (i < of_count ? of[i] : 0) ^ inverted;
        const uint128 sum = (uint128)word[i] + term + carry;

        word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> WORD_BITS);
    }
    return carry;
}

/* Replace a number by its two's complement. */
static void complement(uint64_t *word, int count)
{
    uint64_t carry = 1;

    for (int i = 0; i < count; i++) {
        word[i] = ~word[i] + carry;
        carry = carry != 0 && word[i] == 0;
    }
}

void exact_number_difference(struct exact_number *difference, const struct exact_number *a,
                             const struct exact_number *b)
{
    const bool same = a->sign == b->sign;
    int before, after, skipped;
    uint64_t carry;

    if (a->sign == 0 || b->sign == 0) {
        widen(difference, a->sign == 0 ? b : a, 0, 0);
        difference->sign = a->sign - b->sign;
        return;
    }
    before = a->least > b->least ? (a->least - b->least) / WORD_BITS : 0;
    after = end_of(b) > end_of(a) ? (end_of(b) - end_of(a)) / WORD_BITS : 0;
    widen(difference, a, before, after);
    skipped = (b->least - difference->least) / WORD_BITS;
    carry = add_words(difference->word + skipped, difference->count - skipped, b->word, b->count,
                      same ? ~(uint64_t)0 : 0);
    difference->sign = a->sign;
    if (same && carry == 0) { /* |b| is larger */
        complement(difference->word, difference->count);
        difference->sign = -a->sign;
    }
    if (!same && carry != 0)
        difference->word[difference->count++] = carry;
    exact_number_trim(difference);
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

struct dd exact_number_dd(const struct exact_number *number, int *exponent)
{
    struct leading leading;
    double first, second;

    *exponent = 0;
    if (number->sign == 0)
        return dd_of(0);
    leading = leading_of(number);
    *exponent = leading.exponent - PRECISION + 1;
    first = (double)(leading.bits >> REST);
    second = (double)(leading.bits << PRECISION >> REST | leading.next >> 2 * REST);
    return dd_sum_ordered(number->sign * first, number->sign * second * 0x1p-53);
}
