/* exact_number.h - the exact value of a sum, and what is computed from such values before anything
 * is rounded: n * sum of x^2 - (sum of x)^2.
 *
 * A number is a sign and a whole number of 64-bit words times 2^least.  It is as long as it needs:
 * only words in use are read or written.  Products of up to four sums of doubles fit. */
#ifndef CORE_EXACT_NUMBER_H
#define CORE_EXACT_NUMBER_H

#include "core/dd.h"
#include "core/scaled.h"

#include <stdint.h>

/* Four sums of doubles, times a count, and a carry: 2^-4352 to 2^4608. */
#define EXACT_WORDS 140

struct exact_number {
    int sign;  /* -1, 0 or 1 */
    int least; /* the exponent of the lowest bit of word[0]: a multiple of 64 */
    int count; /* words in use; the first and the last are not 0 */
    uint64_t word[EXACT_WORDS];
};

/* Drop zero words at both ends; a number without any word is 0. */
void exact_number_trim(struct exact_number *number);

/* The result must be another object than the operands. */
void exact_number_product(struct exact_number *product, const struct exact_number *a,
                          const struct exact_number *b);
void exact_number_difference(struct exact_number *difference, const struct exact_number *a,
                             const struct exact_number *b);

/* number *= factor, in place. */
void exact_number_multiply(struct exact_number *number, uint64_t factor);

/* Rounded once. */
double exact_number_double(const struct exact_number *number);
struct scaled exact_number_scaled(const struct exact_number *number);

/* The number is the result times 2^*exponent, within 2^-104 of it; 2^52 <= |hi| <= 2^53, or 0. */
struct dd exact_number_dd(const struct exact_number *number, int *exponent);

#endif
