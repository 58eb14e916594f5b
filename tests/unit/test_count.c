/* test_count.c - lengths of texts, as Python's len() and re.split(r"\s+", text) count them. */
#include "tests/unit/suite.h"

#include "core/text_count.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define TEXT(literal) (literal), sizeof(literal) - 1

/* len(text), len(text.encode()), len(re.split(r"\s+", text)). */
static const struct {
    const char *text;
    size_t length, characters, words;
} rows[] = {
    {TEXT(""), 0, 1},
    {TEXT("a"), 1, 1},
    {TEXT(" "), 1, 2},
    {TEXT(" went to sleep."), 15, 4},
    {TEXT("went to sleep."), 14, 3},
    {TEXT(" a  b\t\r\nc "), 10, 5},
    {TEXT("caf\xc3\xa9 au lait"), 12, 3},
    {TEXT("\xe6\xb7\xb1\xe5\xba\xa6\xe5\xad\xa6\xe4\xb9\xa0"), 4, 1},
    {TEXT("\xf0\x9f\x98\x80 \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"), 4, 2},
    {TEXT("e\xcc\x81"), 2, 1}, /* a combining accent is a code point of its own */
    {TEXT("a\xe3\x80\x80"
          "b"),
     3, 2},                      /* ideographic space */
    {TEXT("a\xc2\xa0 b"), 4, 2}, /* one run of two kinds */
    {TEXT("a\xe2\x80\x8b"
          "b"),
     3, 1}, /* zero width space is none */
    {TEXT("a\0b c"), 5, 2},
};

START_TEST(texts_are_counted)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct counts counts = counts_of(rows[i].text, rows[i].length);

        ck_assert_uint_eq(counts.characters, rows[i].characters);
        ck_assert_uint_eq(counts.bytes, rows[i].length);
        ck_assert_uint_eq(counts.words, rows[i].words);
    }
}
END_TEST

static size_t encode(uint32_t point, char *out)
{
    const size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)(first[length] | point);
    return length;
}

/* [hex(c) for c in range(0x110000) if re.match(r"\s", chr(c))] */
static const uint32_t spaces[] = {
    0x9,    0xa,    0xb,    0xc,    0xd,    0x1c,   0x1d,   0x1e,   0x1f,   0x20,
    0x85,   0xa0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
    0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
};

START_TEST(every_code_point_is_one_character_and_a_space_or_not)
{
    size_t next = 0;

    for (uint32_t point = 0; point < 0x110000; point++) {
        const bool space = next < COUNT(spaces) && spaces[next] == point;
        char text[8];
        const size_t length = encode(point, text);
        struct counts counts;

        next += space;
        if (point >= 0xd800 && point < 0xe000)
            continue;
        counts = counts_of(text, length);
        ck_assert_msg(counts.characters == 1 && counts.bytes == length
                          && counts.words == (space ? 2 : 1),
                      "U+%04X", (unsigned)point);
    }
    ck_assert_uint_eq(next, COUNT(spaces));
}
END_TEST

/* Whatever the bytes, nothing beyond them is read (the sanitizers see to that) and every byte
 * counts. */
START_TEST(bytes_that_are_not_utf8_do_no_harm)
{
    for (unsigned first = 0; first < 256; first++) {
        char *bytes = malloc(2);

        ck_assert_ptr_nonnull(bytes);
        bytes[0] = (char)first;
        bytes[1] = (char)0xf4;
        ck_assert_uint_eq(counts_of(bytes, 2).bytes, 2);
        free(bytes);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_counted,
                                  every_code_point_is_one_character_and_a_space_or_not,
                                  bytes_that_are_not_utf8_do_no_harm, NULL};

    return suite_main("count", tests);
}
