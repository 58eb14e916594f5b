/* test_template.c - lists that are filled into a JSON text. */
#include "tests/unit/suite.h"

#include "api/routes/about/json_template.h"

#include <string.h>

static void fill(struct template_list *list, const char *name, size_t length)
{
    if (length == 2 && memcmp(name, "ab", length) == 0) {
        template_list_name(list, "a");
        template_list_name(list, "b\"");
    }
    if (length == 3 && memcmp(name, "own", length) == 0)
        template_list_schema(list, "c", "{'type':'string'}", "A \"c\".");
}

static const struct {
    const char *source, *text;
} cases[] = {
    {"{}", "{}"},
    {"{\"x\": [1, 2]}", "{\"x\":[1,2]}"},
    {"{\"a b\": \"c, \\\" d\"}", "{\"a b\":\"c, \\\" d\"}"},
    {"[\"@ab\"]", "[\"a\",\"b\\\"\"]"},
    {"[0, \"@ab\", 1]", "[0,\"a\",\"b\\\"\",1]"},
    {"{\"@ab\": {\"x\": [1, {}]}}", "{\"a\":{\"x\":[1,{}]},\"b\\\"\":{\"x\":[1,{}]}}"},
    {"{\"@ab\": \"},\", \"z\": 1}", "{\"a\":\"},\",\"b\\\"\":\"},\",\"z\":1}"},
    {"{\"@own\": true}", "{\"c\":{\"description\":\"A \\\"c\\\".\",\"type\":\"string\"}}"},
    {"[\"@none\"]", "[]"},
};

START_TEST(lists_are_filled_in)
{
    char bytes[256];
    struct strbuf text = {.data = bytes, .capacity = sizeof bytes};

    json_template_write(&text, cases[_i].source, fill);
    ck_assert(!text.failed);
    bytes[text.length] = '\0';
    ck_assert_str_eq(bytes, cases[_i].text);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{lists_are_filled_in, COUNT(cases)}, {NULL, 0}};
    const TTest *const none[] = {NULL};

    return suite_run("template", loops, none);
}
