/* rounds.h - parses decimal numbers into floats in two stages, for readers with vector
 * instructions.
 *
 * Neither stage branches on the text of the numbers: mispredicted branches are what a plain reader
 * spends its time on.  The first stage finds where numbers begin and end, in blocks of 64 bytes, up
 * to ROUND bytes ahead.  The second stage parses a group of eight numbers at once.  It leaves some
 * numbers to number_read_f32(): those that are not short plain decimals, and those too near to the
 * midpoint of two floats.
 *
 * A file that includes this one defines these functions first, with the types of rounds_types.h:
 *
 *     classify(text, left)
 *         the classes of the next 64 bytes, or of `left` if there are fewer
 *     put_positions(out, mask, base)
 *         append the positions of the bits of a mask, plus base; it may write 64 entries;
 *         returns the number of positions
 *     read_numbers(text, start, end, out)
 *         convert the numbers between these offsets to floats; returns a mask of those
 *         that are undecided
 *
 * It is compiled for CPUs with BMI2, LZCNT and POPCNT. */
#ifndef API_JSON_READERS_ROUNDS_H
#define API_JSON_READERS_ROUNDS_H

#include "api/json/readers/rounds_types.h"

#include <immintrin.h>

/* ---- first stage: where numbers are ---- */

/* The numbers that are each followed by a comma, as offsets from the start of the round. */
struct found {
    uint16_t start[ROUND / 2 + BLOCK]; /* of each number, and of one more ... */
    uint16_t end[ROUND / 2 + BLOCK];   /* ... after the last comma, if there is one */
    size_t starts, ends, commas;
    size_t behind; /* offset after the last comma */
};

/* Whether numbers and commas alternate. */
static inline bool alternate(uint64_t starts, uint64_t commas, bool comma_next)
{
    const uint64_t both = starts | commas;
    const uint64_t pattern = comma_next ? 0x5555555555555555 : 0xaaaaaaaaaaaaaaaa;

    return ((_pext_u64(commas, both) ^ pattern)
            & _bzhi_u64(UINT64_MAX, (unsigned)_mm_popcnt_u64(both)))
           == 0;
}

/* Find the numbers in the next `length` bytes (at most ROUND).  Stop at the first byte that is not
 * part of a number, a comma or space, or that is out of place. */
static void find(struct found *found, const char *text, size_t length)
{
    uint64_t inside = 0; /* 1: the last block ended inside a number */
    bool comma_next = false;

    found->starts = found->ends = found->commas = found->behind = 0;
    for (size_t at = 0; at < length; at += BLOCK) {
        struct block block = classify(text + at, length - at);
        const uint64_t good = (block.other & -block.other) - 1; /* all below the first other byte */
        const uint64_t shifted = block.number << 1 | inside;
        const uint64_t starts = block.number & ~shifted & good, commas = block.comma & good;

        if (!alternate(starts, commas, comma_next))
            return;
        found->starts += put_positions(found->start + found->starts, starts, at);
        found->ends += put_positions(found->end + found->ends, ~block.number & shifted & good, at);
        found->commas += (size_t)_mm_popcnt_u64(commas);
        if (commas)
            found->behind = at + 64 - (size_t)__builtin_clzll(commas);
        if (block.other)
            return;
        inside = block.number >> 63;
        comma_next ^= _mm_popcnt_u64(starts | commas) & 1;
    }
}

/* ---- second stage: what numbers are ---- */

/* Parse the undecided numbers of a group.  Returns how many of the group are valid, up to the first
 * that is not. */
static size_t read_odd(const struct found *found, const char *text, const char *end, size_t first,
                       unsigned odd, float *out)
{
    for (; odd != 0; odd &= odd - 1) {
        const size_t i = (size_t)__builtin_ctz(odd);
        const char *next = number_read_f32(text + found->start[first + i], end, out + i);

        if (next != text + found->end[first + i])
            return i;
    }
    return GROUP;
}

/* Parse a group.  Returns how many of its numbers are valid, up to the first that is not. */
static size_t read_group(const struct found *found, const char *text, const char *end, size_t first,
                         float out[GROUP])
{
    const unsigned odd = read_numbers(text, found->start + first, found->end + first, out);

    return odd ? read_odd(found, text, end, first, odd, out) : GROUP;
}

/* Parse `count` of the numbers that were found.  Returns how many are valid. */
static size_t read_found(struct found *found, const char *text, const char *end, size_t count,
                         float *out)
{
    float group[GROUP];
    size_t done = 0, good = GROUP;

    for (; done + GROUP <= count && good == GROUP; done += good)
        good = read_group(found, text, end, done, out ? out + done : group);
    if (done == count || good < GROUP)
        return done;
    for (size_t i = count; i < done + GROUP; i++) { /* fill the group with its first number */
        found->start[i] = found->start[done];
        found->end[i] = found->end[done];
    }
    good = read_group(found, text, end, done, group);
    good = good < count - done ? good : count - done;
    for (size_t i = 0; out && i < good; i++)
        out[done + i] = group[i];
    return done + good;
}

static size_t read_f32(const char *text, const char *end, size_t room, float *out,
                       const char **next)
{
    struct found found;
    size_t total = 0, count, good;

    do {
        const size_t left = (size_t)(end - text);
        uint16_t resume;

        find(&found, text, left < ROUND ? left : ROUND);
        count = found.commas < room - total ? found.commas : room - total;
        resume = found.start[count];
        good = read_found(&found, text, end, count, out ? out + total : NULL);
        total += good;
        if (good < count)
            text += found.start[good];
        else if (count < found.commas)
            text += resume;
        else
            text += found.behind;
    } while (good > 0 && total < room && good == found.commas);
    *next = text;
    return total;
}

#endif
