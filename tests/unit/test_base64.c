/* test_base64.c - RFC 4648. */
#include "tests/unit/suite.h"

#include "api/base64.h"

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
};

START_TEST(texts_are_decoded)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t bytes, bad;
        unsigned char out[16];
        const bool good = base64_size(rows[i].text, strlen(rows[i].text), &bytes, &bad);

        ck_assert_msg(good == (rows[i].bytes != NULL), "%s", rows[i].text);
        if (!good) {
            ck_assert_msg(bad == rows[i].bad, "%s: %zu", rows[i].text, bad);
            continue;
        }
        ck_assert_uint_eq(bytes, strlen(rows[i].bytes));
        for (size_t from = 0; from <= bytes; from++) {
            base64_decode(rows[i].text, from, bytes - from, out);
            ck_assert(memcmp(out, rows[i].bytes + from, bytes - from) == 0);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_decoded, NULL};

    return suite_main("base64", tests);
}
