/* test_base64.c - RFC 4648. */
#include "tests/unit/suite.h"

#include "api/json/base64.h"

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
static size_t decode(const char *text, size_t first, size_t second, struct base64 *base64,
                     unsigned char *out)
{
    const size_t cuts[] = {0, first, second, strlen(text)};
    size_t written = 0;

    *base64 = (struct base64){0};
    for (size_t i = 0; i + 1 < COUNT(cuts); i++)
        written += base64_feed(base64, text + cuts[i], cuts[i + 1] - cuts[i], out + written);
    return written + base64_end(base64, out + written);
}

static void check_cut(size_t row, size_t first, size_t second)
{
    const char *text = rows[row].text, *bytes = rows[row].bytes;
    struct base64 base64, context = {0};
    unsigned char out[32];
    const size_t written = decode(text, first, second, &base64, out);

    base64_feed(&context, text, strlen(text), NULL);
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
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t first = 0; first <= strlen(rows[i].text); first++)
            for (size_t second = first; second <= strlen(rows[i].text); second++)
                check_cut(i, first, second);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_decoded_however_they_are_cut, NULL};

    return suite_main("base64", tests);
}
