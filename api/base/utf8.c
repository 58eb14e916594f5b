/* utf8.c - UTF-8. */
#include "api/base/utf8.h"

/* Whether the second byte makes an overlong form, a surrogate, or a character above U+10FFFF. */
static int is_beyond(unsigned char first, unsigned char second)
{
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)
           || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
}

size_t utf8_length(const char *bytes, size_t left)
{
    const unsigned char *c = (const unsigned char *)bytes;
    const size_t length = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

    if (c[0] < 0x80)
        return 1;
    if (c[0] < 0xc2 || c[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length && i < left; i++)
        if ((c[i] & 0xc0) != 0x80 || (i == 1 && is_beyond(c[0], c[1])))
            return 0;
    return length;
}

/* Six bits of a character, as a byte after the first. */
static char continuation(uint32_t character, int shift)
{
    return (char)(0x80 | ((character >> shift) & 0x3f));
}

size_t utf8_write(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xc0 | character >> 6);
        out[1] = continuation(character, 0);
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xe0 | character >> 12);
        out[1] = continuation(character, 6);
        out[2] = continuation(character, 0);
        return 3;
    }
    out[0] = (char)(0xf0 | character >> 18);
    out[1] = continuation(character, 12);
    out[2] = continuation(character, 6);
    out[3] = continuation(character, 0);
    return 4;
}

size_t utf8_cut(const char *text, size_t length)
{
    size_t start = length;

    while (start > 0 && length - start < UTF8_MAX
           && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return length;
    return start - 1 + utf8_length(text + start - 1, length - start + 1) > length ? start - 1
                                                                                  : length;
}
