/* base64_groups.c - the alphabet of base64, and whole groups of its characters on any CPU. */
#include "api/json/base64_groups.h"

#define E(c, bits) [c] = (uint32_t)(bits) << 26 | 1,
const uint32_t base64_entries[256] = {BASE64_ALPHABET(E)};
#undef E

/* The 24 bits of a group, in the highest bits; the lowest bit is 1 if all are in the alphabet. */
static inline uint32_t group_at(const unsigned char *text)
{
    const uint32_t a = base64_entries[text[0]], b = base64_entries[text[1]];
    const uint32_t c = base64_entries[text[2]], d = base64_entries[text[3]];

    return ((a | b >> 6 | c >> 12 | d >> 18) & 0xffffff00) | (a & b & c & d & 1);
}

size_t base64_groups(const char *text, size_t groups, void *out)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned char *bytes = out;

    for (size_t i = 0; i < groups; i++, at += 4) {
        const uint32_t group = group_at(at);

        if (!(group & 1))
            return i;
        if (bytes) {
            *bytes++ = (unsigned char)(group >> 24);
            *bytes++ = (unsigned char)(group >> 16);
            *bytes++ = (unsigned char)(group >> 8);
        }
    }
    return groups;
}
