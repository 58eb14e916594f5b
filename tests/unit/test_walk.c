/* test_walk.c - paths through JSON text. */
#include "tests/unit/suite.h"

#include "api/json/walk.h"

#include <string.h>

static const char document[] =
    "{\"a\": [1, {\"b~/\": \"x,}\\\"\", \"\\u0063\" : null}, []], \"d\": true}";

/* Where each value is, by the text that begins there. */
static const struct {
    const char *pointer, *text;
} values[] = {
    {"", "{\"a\""},        {"/a", "[1,"},      {"/a/0", "1, {"}, {"/a/1", "{\"b"},
    {"/a/1/b~0~1", "\"x"}, {"/a/1/c", "null"}, {"/a/2", "[]]"},  {"/d", "true"},
};

START_TEST(places_are_located)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        const char *start = strstr(document, values[i].text);
        char pointer[64];

        walk_locate(document, strlen(document),
                    (size_t)(start - document) + (*start != '[' && *start != '{'), pointer,
                    sizeof pointer);
        ck_assert_str_eq(pointer, values[i].pointer);
    }
}
END_TEST

static const char *const broken[] = {"",   "{",  "[1,",     "{\"a",  "{\"a\\", "]",
                                     "}",  "[}", "{\"a\":", "\"",    "\\",     "[\"\\\"",
                                     ",,", ":",  "nul",     "{1:2}", "[[[",    "{\"a\":1]"};

START_TEST(text_that_is_not_json_ends_the_walk)
{
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct walk walk;
        size_t steps = 0;
        char pointer[64];

        walk_init(&walk, broken[i], strlen(broken[i]), true);
        while (walk_next(&walk) > WALK_MORE)
            ck_assert_uint_lt(steps++, 16);
        walk_pointer(&walk, pointer, sizeof pointer);
        ck_assert(walk.at <= walk.length);
    }
}
END_TEST

START_TEST(depth_is_limited)
{
    char deep[WALK_MAX_DEPTH + 1];
    struct walk walk;
    enum walk_token token;

    memset(deep, '[', sizeof deep);
    walk_init(&walk, deep, sizeof deep, true);
    while ((token = walk_next(&walk)) > WALK_MORE)
        continue;
    ck_assert_int_eq(token, WALK_DEEP);
    walk_init(&walk, deep, sizeof deep - 1, true);
    while ((token = walk_next(&walk)) > WALK_MORE)
        continue;
    ck_assert_int_eq(token, WALK_END);
}
END_TEST

static const struct {
    const char *raw, *plain;
} escapes[] = {
    {"a\\/b", "a/b"}, {"\\u0041\\u00e9", "A?"}, {"\\\"\\\\", "\"\\"},
    {"\\n", "\n"},    {"\\u00", "?"},           {"a\\u0000b", "a?b"},
};

START_TEST(members_deeper_than_the_walk_are_none)
{
    static const char text[] = "{\"a\":{\"a\":";
    struct walk walk;

    walk_init(&walk, text, sizeof text - 1, true);
    while (walk_next(&walk) > WALK_MORE)
        continue;
    ck_assert(walk_at_member(&walk, 0, "a"));
    ck_assert(walk_at_member(&walk, 1, "a"));
    for (size_t depth = 2; depth <= WALK_MAX_DEPTH + 1; depth++)
        ck_assert(!walk_at_member(&walk, depth, "a"));
}
END_TEST

START_TEST(escapes_are_undone)
{
    for (size_t i = 0; i < COUNT(escapes); i++) {
        char out[16];
        const size_t length =
            walk_unescape(escapes[i].raw, strlen(escapes[i].raw), out, sizeof out);

        ck_assert_uint_eq(length, strlen(escapes[i].plain));
        ck_assert(memcmp(out, escapes[i].plain, length) == 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {places_are_located, text_that_is_not_json_ends_the_walk,
                                  depth_is_limited,   members_deeper_than_the_walk_are_none,
                                  escapes_are_undone, NULL};

    return suite_main("walk", tests);
}
