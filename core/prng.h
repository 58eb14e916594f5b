/* prng.h - random numbers that are the same on every machine: xoshiro256** 1.0 (Blackman and Vigna
 * 2018).  SplitMix64 fills its state from a seed of 64 bits.  Not for secrets. */
#ifndef CORE_PRNG_H
#define CORE_PRNG_H

#include <stdint.h>

struct draws {
    uint64_t state[4];
};

struct draws prng_make(uint64_t seed);
uint64_t prng_next(struct draws *draws);

/* Uniform in [0, bound), bound >= 1: the upper half of prng_next(), times bound, shifted right by
 * 32; draws are rejected as in Lemire, "Fast random integer generation in an interval", ACM TOMACS
 * 29 (2019). */
uint32_t prng_below(struct draws *draws, uint32_t bound);

#endif
