/* test_text.c - JSON as it is written. */
#include "tests/unit/suite.h"

#include "api/base/json_place.h"
#include "api/base/strbuf.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *string, *json;
} strings[] = {
    {"plain", "\"plain\""},
    {"a\"b\\c", "\"a\\\"b\\\\c\""},
    {"\n\x01\x7f", "\"\\u000a\\u0001\\u007f\""},
    {"\xc3\xa9\xe2\x98\x83\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x98\x83\xf0\x9f\x98\x80\""},
    {"\xc3", "\"?\""},
    {"\xf4\x8f\xbf\xbf|\xf4\x90\x80\x80|\xf0\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf|????|????\""},
    {"\xc0\x80|\xed\xa0\x80|\xf5\x80\x80\x80|\xe2\x98", "\"??|???|????|\?\?\""},
};

START_TEST(strings_are_escaped)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        char buffer[64];
        struct strbuf text = {.data = buffer, .capacity = sizeof buffer};

        strbuf_string(&text, strings[i].string, strlen(strings[i].string));
        ck_assert(!text.failed);
        ck_assert_msg(text.length == strlen(strings[i].json)
                          && memcmp(buffer, strings[i].json, text.length) == 0,
                      "%.*s", (int)text.length, buffer);
    }
}
END_TEST

START_TEST(numbers_are_written)
{
    char buffer[128];
    struct strbuf text = {.data = buffer, .capacity = sizeof buffer};

    strbuf_number(&text, -0.0);
    strbuf_puts(&text, " ");
    strbuf_number(&text, -INFINITY);
    strbuf_puts(&text, " ");
    strbuf_number_or_null(&text, false, 1);
    strbuf_puts(&text, " ");
    strbuf_integer(&text, INT64_MIN);
    strbuf_puts(&text, " ");
    strbuf_count(&text, UINT64_MAX);
    strbuf_snippet(&text, " {'a':1}");
    ck_assert_uint_eq(text.nans, 0);
    strbuf_number(&text, (double)NAN);
    ck_assert_uint_eq(text.nans, 1);
    strbuf_add(&text, "", 1);
    ck_assert_str_eq(
        buffer, "0 \"-Infinity\" null -9223372036854775808 18446744073709551615 {\"a\":1}null");
}
END_TEST

START_TEST(a_full_text_fails)
{
    char buffer[4];
    struct strbuf fixed = {.data = buffer, .capacity = sizeof buffer};
    struct arena arena;
    struct strbuf grown = {.arena = &arena};

    strbuf_puts(&fixed, "12345");
    ck_assert(fixed.failed && fixed.length == 0);
    arena_init(&arena, 4096, NULL);
    for (int i = 0; i < 5000; i++)
        strbuf_puts(&grown, "x");
    ck_assert(grown.failed);
    ck_assert_int_eq(arena.fault, ARENA_LIMIT);
    arena_release(&arena);
}
END_TEST

START_TEST(places_become_pointers)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "sequences"),
                            item = ELEMENT(&list, 12);
    const struct json_place member = MEMBER(&item, "a/b~c");
    char pointer[64];

    json_place_render(&root, pointer, sizeof pointer);
    ck_assert_str_eq(pointer, "");
    json_place_render(&member, pointer, sizeof pointer);
    ck_assert_str_eq(pointer, "/sequences/12/a~1b~0c");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {strings_are_escaped, numbers_are_written, a_full_text_fails,
                                  places_become_pointers, NULL};

    return suite_main("text", tests);
}
