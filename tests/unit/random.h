/* random.h - random numbers for tests, and how many of them. */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* xorshift64*: the same numbers on every machine. */
static inline uint64_t random_bits(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1d;
}

/* Uniform in [0, below), below > 0. */
static inline size_t random_below(uint64_t *state, size_t below)
{
    return (size_t)(random_bits(state) >> 11) % below;
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

/* LOGITD_TEST_LONG=1: sweeps leave nothing out. */
static inline bool is_long(void)
{
    const char *text = getenv("LOGITD_TEST_LONG");

    return text && strcmp(text, "1") == 0;
}

/* How often a random test repeats: LOGITD_TEST_TIMES as often as `count`, 20 times that when long.
 */
static inline size_t times(size_t count)
{
    const char *text = getenv("LOGITD_TEST_TIMES");

    return count * (text ? strtoul(text, NULL, 10) : 1) * (is_long() ? 20 : 1);
}

#endif
