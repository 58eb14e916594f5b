/* base64_groups.h - the alphabet of base64 (RFC 4648 section 4), and whole groups of its characters
 * on any CPU. */
#ifndef API_JSON_BASE64_GROUPS_H
#define API_JSON_BASE64_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
/* The characters and their six bits: E(character, bits). */
#define BASE64_ALPHABET(E) \
    E('A', 0) E('B', 1) E('C', 2) E('D', 3) E('E', 4) E('F', 5) \
    E('G', 6) E('H', 7) E('I', 8) E('J', 9) E('K', 10) E('L', 11) \
    E('M', 12) E('N', 13) E('O', 14) E('P', 15) E('Q', 16) E('R', 17) \
    E('S', 18) E('T', 19) E('U', 20) E('V', 21) E('W', 22) E('X', 23) \
    E('Y', 24) E('Z', 25) E('a', 26) E('b', 27) E('c', 28) E('d', 29) \
    E('e', 30) E('f', 31) E('g', 32) E('h', 33) E('i', 34) E('j', 35) \
    E('k', 36) E('l', 37) E('m', 38) E('n', 39) E('o', 40) E('p', 41) \
    E('q', 42) E('r', 43) E('s', 44) E('t', 45) E('u', 46) E('v', 47) \
    E('w', 48) E('x', 49) E('y', 50) E('z', 51) E('0', 52) E('1', 53) \
    E('2', 54) E('3', 55) E('4', 56) E('5', 57) E('6', 58) E('7', 59) \
    E('8', 60) E('9', 61) E('+', 62) E('/', 63)
/* clang-format on */

/* The six bits of a character, in the highest bits of the entry; the lowest bit is 1.  0: it is not
 * in the alphabet. */
extern const uint32_t base64_entries[256];

static inline bool base64_has(char c)
{
    return base64_entries[(unsigned char)c] != 0;
}

static inline uint32_t base64_bits(char c)
{
    return base64_entries[(unsigned char)c] >> 26;
}

/* A decoder of groups of four characters: three bytes each.  It writes them to `out`, which has
 * room for `groups` of them (NULL: they are only checked), and stops at the first group that has
 * another character.  Returns the number of groups before that. */
typedef size_t base64_groups_f(const char *text, size_t groups, void *out);

/* The decoder of the portable reader; of what is left over for the others. */
base64_groups_f base64_groups;

#endif
