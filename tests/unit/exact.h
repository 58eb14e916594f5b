/* exact.h - what is right, in 300-bit arithmetic (MPFR), and how far a double is from it. */
#ifndef TESTS_UNIT_EXACT_H
#define TESTS_UNIT_EXACT_H

#include <math.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_BITS 300

/* |got - exact| in units of 2^-53 |exact|; an infinity where only one of them is 0 or infinite. */
static inline double error_units(double got, mpfr_t exact)
{
    mpfr_t error;
    double units;

    if (mpfr_zero_p(exact) || mpfr_inf_p(exact) || isinf(got))
        return got == mpfr_get_d(exact, MPFR_RNDN) ? 0 : INFINITY;
    mpfr_init2(error, EXACT_BITS);
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    mpfr_div(error, error, exact, MPFR_RNDN);
    units = fabs(ldexp(mpfr_get_d(error, MPFR_RNDN), 53));
    mpfr_clear(error);
    return units;
}

/* xorshift64*: the same numbers on every machine. */
static inline uint64_t random_bits(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1d;
}

/* Uniform in [0, 1). */
static inline double random_unit(uint64_t *state)
{
    return (double)(random_bits(state) >> 11) * 0x1p-53;
}

/* Standard normal, near enough (Irwin and Hall). */
static inline double random_normal(uint64_t *state)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += random_unit(state);
    return sum;
}

/* LOGITD_TEST_LONG=1 makes the random tests longer. */
static inline size_t times(size_t count)
{
    const char *text = getenv("LOGITD_TEST_LONG");

    return text && strcmp(text, "1") == 0 ? count * 20 : count;
}

#endif
