/* base64.c - RFC 4648 section 4: the standard alphabet, padded. */
#include "api/base64.h"

#include <stdint.h>

/* The value of each ASCII character; 64 where it is not in the alphabet. */
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

bool base64_size(const char *text, size_t length, size_t *bytes, size_t *bad)
{
    size_t padding = 0;

    while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
        padding++;
    for (*bad = 0; *bad < length - padding; ++*bad)
        if (value(text[*bad]) == NO)
            return false;
    *bad = length;
    if (length % 4 != 0)
        return false;
    *bytes = length / 4 * 3 - padding;
    return true;
}

/* The three bytes of a group of four characters; padding counts as zeros. */
static uint32_t group(const char *text)
{
    uint32_t bits = 0;

    for (int i = 0; i < 4; i++)
        bits = bits << 6 | (value(text[i]) & 63);
    return bits;
}

void base64_decode(const char *text, size_t offset, size_t count, unsigned char *out)
{
    const char *at = text + offset / 3 * 4;
    size_t skip = offset % 3;

    while (count > 0) {
        const uint32_t bits = group(at);

        for (; skip < 3 && count > 0; skip++, count--)
            *out++ = (unsigned char)(bits >> (16 - 8 * skip));
        skip = 0;
        at += 4;
    }
}
