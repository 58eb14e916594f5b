/* text_count.c - the length of a text. */
#include "core/text_count.h"

#include <stdbool.h>
#include <stdint.h>

/* The code point at `c`, and its length in bytes. */
static uint32_t code_point(const unsigned char *c, size_t left, size_t *length)
{
    const size_t wanted = c[0] < 0xc0 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
    uint32_t point = wanted == 1 ? c[0] : c[0] & (0x7fu >> wanted);

    *length = wanted < left ? wanted : left;
    for (size_t i = 1; i < *length; i++)
        point = point << 6 | (c[i] & 0x3f);
    return point;
}

static bool is_space(uint32_t point)
{
    if (point < 0x80)
        return (point >= 0x09 && point <= 0x0d) || (point >= 0x1c && point <= 0x20);
    return point == 0x85 || point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a)
           || point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f
           || point == 0x3000;
}

struct counts counts_of(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    struct counts counts = {.bytes = length, .words = 1};
    bool in_space = false;
    size_t step;

    for (size_t at = 0; at < length; at += step) {
        const bool space = is_space(code_point(bytes + at, length - at, &step));

        counts.characters++;
        counts.words += space && !in_space;
        in_space = space;
    }
    return counts;
}
