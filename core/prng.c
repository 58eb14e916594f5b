/* prng.c - random numbers that are the same on every machine. */
#include "core/prng.h"

#include <stddef.h>

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

struct draws prng_make(uint64_t seed)
{
    struct draws draws;

    for (size_t i = 0; i < 4; i++)
        draws.state[i] = splitmix64(&seed);
    return draws;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t prng_next(struct draws *draws)
{
    uint64_t *s = draws->state;
    const uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t prng_below(struct draws *draws, uint32_t bound)
{
    const uint32_t reject = -bound % bound; /* 2^32 mod bound */
    uint64_t product;

    do
        product = (prng_next(draws) >> 32) * bound;
    while ((uint32_t)product < reject);
    return (uint32_t)(product >> 32);
}
