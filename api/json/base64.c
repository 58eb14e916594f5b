/* base64.c - decodes base64 as it arrives. */
#include "api/json/base64.h"

/* The value of each ASCII character; 64: it is not in the alphabet. */
#define NO 64
/* clang-format off */
static const unsigned char value_of[128] = {
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 64, 64, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
    64,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 64,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
};
/* clang-format on */

static unsigned value(char c)
{
    return (unsigned char)c < 128 ? value_of[(unsigned char)c] : NO;
}

static void judge_bad(struct base64 *base64, size_t at)
{
    if (!base64->bad)
        base64->bad_at = at;
    base64->bad = true;
}

/* Decode one character.  Only padding may follow padding. */
static void take(struct base64 *base64, char c)
{
    const unsigned bits = value(c);

    if (c == '=') {
        base64->padding++;
    } else if (bits == NO || base64->padding > 0) {
        judge_bad(base64, base64->characters - base64->padding);
    } else {
        base64->group = base64->group << 6 | bits;
        base64->pending++;
    }
    base64->characters++;
}

static void put(unsigned char *out, uint32_t group)
{
    out[0] = (unsigned char)(group >> 16);
    out[1] = (unsigned char)(group >> 8);
    out[2] = (unsigned char)group;
}

/* Decode whole groups of four valid characters.  Returns the number of groups. */
static size_t take_groups(const char *text, size_t groups, unsigned char *out)
{
    for (size_t i = 0; i < groups; i++, text += 4) {
        const unsigned a = value(text[0]), b = value(text[1]), c = value(text[2]),
                       d = value(text[3]);

        if ((a | b | c | d) & NO)
            return i;
        if (out)
            put(out + 3 * i, (uint32_t)(a << 18 | b << 12 | c << 6 | d));
    }
    return groups;
}

size_t base64_feed(struct base64 *base64, const char *text, size_t length, void *out)
{
    unsigned char *bytes = out;
    size_t written = 0, i = 0;

    while (i < length && !base64->bad) {
        if (base64->pending == 0 && base64->padding == 0) {
            const size_t groups =
                take_groups(text + i, (length - i) / 4, bytes ? bytes + written : NULL);

            i += 4 * groups;
            base64->characters += 4 * groups;
            written += 3 * groups;
        }
        for (size_t stop = i + 4; i < length && i < stop && base64->pending < 4; i++)
            take(base64, text[i]);
        if (base64->pending == 4) {
            if (bytes)
                put(bytes + written, base64->group);
            written += 3;
            base64->pending = 0;
        }
    }
    base64->characters += length - i;
    base64->bytes += written;
    return written;
}

/* Whether bits of the last group belong to no byte, and are not 0.  A group of two characters has
 * four such bits, one of three has two.  Other texts would decode to the same bytes. */
static bool has_stray_bits(const struct base64 *base64)
{
    return (base64->pending == 2 && (base64->group & 0xf) != 0)
           || (base64->pending == 3 && (base64->group & 0x3) != 0);
}

size_t base64_end(struct base64 *base64, void *out)
{
    const size_t count = base64->pending > 0 ? base64->pending - 1 : 0;
    unsigned char last[3];

    if (base64->padding > 2)
        judge_bad(base64, base64->characters - base64->padding);
    if (base64->characters % 4 != 0)
        judge_bad(base64, base64->characters);
    if (has_stray_bits(base64))
        judge_bad(base64, base64->characters - base64->padding - 1);
    if (base64->bad)
        return 0;
    put(last, base64->pending == 2 ? base64->group << 12 : base64->group << 6);
    for (size_t i = 0; out && i < count; i++)
        ((unsigned char *)out)[i] = last[i];
    base64->bytes += count;
    return count;
}
