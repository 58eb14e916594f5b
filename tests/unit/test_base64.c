/* test_base64.c - RFC 4648, with every reader that this CPU can run. */
#include "tests/unit/suite.h"

#include "core/cpu.h"

#include "api/json/base64.h"
#include "api/json/readers.h"

#include <stdlib.h>
#include <string.h>

/* RFC 4648 section 10, and what is none. */
static const struct {
    const char *text, *bytes; /* NULL: not base64 */
    size_t bad;
} rows[] = {
    {"", "", 0},
    {"Zg==", "f", 0},
    {"Zm8=", "fo", 0},
    {"Zm9v", "foo", 0},
    {"Zm9vYg==", "foob", 0},
    {"Zm9vYmE=", "fooba", 0},
    {"Zm9vYmFy", "foobar", 0},
    {"Zm9", NULL, 3},
    {"Z", NULL, 1},
    {"Zm9v-_==", NULL, 4},
    {"Zm 9", NULL, 2},
    {"=", NULL, 1},
    {"Zg=a", NULL, 2},
    {"Zg==Zg==", NULL, 2},
    {"a===", NULL, 1},
    {"Zm9v=AAAAAAA", NULL, 4},
    {"Zh==", NULL, 1}, /* bits that belong to no byte: several texts for one */
    {"Zo==", NULL, 1},
    {"Zv==", NULL, 1},
    {"Zm9=", NULL, 2},
    {"Zm+=", NULL, 2},
    {"Zm9vYh==", NULL, 5},
    {"Zm9vYmF=", NULL, 6},
    {"Zh=", NULL, 3},
};

/* Decode a text that comes in pieces cut at `first` and `second`; returns how many bytes came out.
 */
static size_t decode(const struct reader *reader, const char *text, size_t first, size_t second,
                     struct base64 *base64, unsigned char *out)
{
    const size_t cuts[] = {0, first, second, strlen(text)};
    size_t written = 0;

    *base64 = (struct base64){0};
    for (size_t i = 0; i + 1 < COUNT(cuts); i++)
        written += base64_feed(base64, reader->base64, text + cuts[i], cuts[i + 1] - cuts[i],
                               out + written);
    return written + base64_end(base64, out + written);
}

static void check_cut(const struct reader *reader, size_t row, size_t first, size_t second)
{
    const char *text = rows[row].text, *bytes = rows[row].bytes;
    struct base64 base64, context = {0};
    unsigned char out[32];
    const size_t written = decode(reader, text, first, second, &base64, out);

    base64_feed(&context, reader->base64, text, strlen(text), NULL);
    base64_end(&context, NULL);
    ck_assert_msg(base64.bad == !bytes && context.bad == !bytes, "%s", text);
    if (!bytes) {
        ck_assert_msg(base64.bad_at == rows[row].bad, "%s: %zu", text, base64.bad_at);
        return;
    }
    ck_assert_msg(written == strlen(bytes) && base64.bytes == written && context.bytes == written
                      && memcmp(out, bytes, written) == 0,
                  "%s cut at %zu and %zu", text, first, second);
}

START_TEST(texts_are_decoded_however_they_are_cut)
{
    const struct reader *reader;

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++)
        for (size_t i = 0; i < COUNT(rows); i++)
            for (size_t first = 0; first <= strlen(rows[i].text); first++)
                for (size_t second = first; second <= strlen(rows[i].text); second++)
                    check_cut(reader, i, first, second);
}
END_TEST

/* ---- long texts ---- */

#define GROUPS ((size_t)48) /* more than two blocks of every reader */

/* RFC 4648 section 4, table 1. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool is_known(int byte)
{
    return byte != '\0' && strchr(alphabet, byte) != NULL;
}

/* A text in which each character comes after every distance from the last one, and its bytes, bit
 * by bit. */
static void make_text(char *text, unsigned char *bytes, size_t groups, size_t seed)
{
    memset(bytes, 0, 3 * groups);
    for (size_t i = 0; i < 4 * groups; i++) {
        const size_t value = (i * i + 7 * i + seed * 11) % 64;

        text[i] = alphabet[value];
        for (size_t bit = 6 * i; bit < 6 * i + 6; bit++)
            bytes[bit / 8] |= (unsigned char)((value >> (6 * i + 5 - bit) & 1) << (7 - bit % 8));
    }
}

/* Decode groups of a text into memory that is exactly as long as they are. */
static void check_groups(const struct reader *reader, const char *text, const unsigned char *bytes,
                         size_t groups, size_t good)
{
    char *copy = malloc(4 * groups + 1);
    unsigned char *out = malloc(3 * groups + 1);
    size_t count;

    memcpy(copy + 1, text, 4 * groups); /* not aligned */
    out[0] = 'x';
    count = reader->base64(copy + 1, groups, out + 1);
    if (count != good || reader->base64(copy + 1, groups, NULL) != good || out[0] != 'x'
        || memcmp(out + 1, bytes, 3 * good) != 0)
        ck_abort_msg("%s: %zu of %zu groups: %.*s", reader->name, count, groups, (int)(4 * groups),
                     text);
    free(out);
    free(copy);
}

START_TEST(readers_decode_groups_of_every_number)
{
    const struct reader *reader;
    char text[4 * GROUPS];
    unsigned char bytes[3 * GROUPS];

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++)
        for (size_t groups = 0; groups <= GROUPS; groups++)
            for (size_t seed = 0; seed < 64; seed++) {
                make_text(text, bytes, groups, seed);
                check_groups(reader, text, bytes, groups, groups);
            }
}
END_TEST

/* Every byte at every place. */
START_TEST(readers_stop_at_the_first_group_with_another_byte)
{
    const struct reader *reader;
    char text[4 * GROUPS];
    unsigned char bytes[3 * GROUPS];

    make_text(text, bytes, GROUPS, 1);
    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++)
        for (size_t at = 0; at < 4 * GROUPS; at++)
            for (int byte = 0; byte < 256; byte++) {
                const char right = text[at];

                text[at] = (char)byte;
                if (!is_known(byte))
                    check_groups(reader, text, bytes, GROUPS, at / 4);
                text[at] = right;
            }
}
END_TEST

/* The front of a text ends where the alphabet does, wherever that is, in every state. */
START_TEST(fronts_end_with_the_alphabet)
{
    const struct reader *reader;
    char text[4 * GROUPS + 1];
    unsigned char bytes[3 * GROUPS], out[3 * GROUPS + BASE64_SLACK];

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++)
        for (size_t cut = 0; cut < 4 * GROUPS; cut++)
            for (size_t stop = cut; stop < 4 * GROUPS; stop++) {
                struct base64 base64 = {0};
                size_t first, second, written;

                make_text(text, bytes, GROUPS, cut);
                text[stop] = '"';
                written = base64_front(&base64, reader->base64, text, cut, out, &first);
                written += base64_front(&base64, reader->base64, text + cut, 4 * GROUPS - cut,
                                        out + written, &second);
                if (first != cut || second != stop - cut || written != stop / 4 * 3 || base64.bad
                    || base64.characters != stop || memcmp(out, bytes, written) != 0)
                    ck_abort_msg("%s: cut at %zu, stop at %zu", reader->name, cut, stop);
            }
}
END_TEST

START_TEST(fronts_of_padding_and_of_bad_text_are_empty)
{
    const char *const texts[] = {"Zg==", "Zg-"};
    unsigned char out[8];

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct base64 base64 = {0};
        size_t taken;

        base64_feed(&base64, base64_groups, texts[i], strlen(texts[i]), out);
        ck_assert_uint_eq(base64_front(&base64, base64_groups, "Zm9v", 4, out, &taken), 0);
        ck_assert_uint_eq(taken, 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_decoded_however_they_are_cut,
                                  readers_decode_groups_of_every_number,
                                  readers_stop_at_the_first_group_with_another_byte,
                                  fronts_end_with_the_alphabet,
                                  fronts_of_padding_and_of_bad_text_are_empty,
                                  NULL};

    return suite_main("base64", tests);
}
