/* test_template.c - lists that are filled into a JSON text, and types of answers as JSON Schema. */
#include "tests/unit/suite.h"

#include "api/routes/about/answer_type.h"
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

#define REF(name) "'$ref':'#/components/schemas/" name "'"

static const struct {
    const char *type, *schema;
} types[] = {
    {"integer", "'type':'integer'"},
    {"number", REF("Number")},
    {"finite number", "'type':'number'"},
    {"Source", REF("Source")},
    {"'a b'", "'const':'a b'"},
    {"0 or null", "'anyOf':[{'const':0},{'type':'null'}]"},
    {"list of Tokens", "'type':'array','items':{" REF("Tokens") "}"},
    {"list of string or null",
     "'anyOf':[{'type':'array','items':{'type':'string'}},{'type':'null'}]"},
    {"list of (string or null)",
     "'type':'array','items':{'anyOf':[{'type':'string'},{'type':'null'}]}"},
    {"map of list of string",
     "'type':'object','additionalProperties':{'type':'array','items':{'type':'string'}}"},
    {"[integer, number or null] or null",
     "'anyOf':[{'type':'array','items':false,'prefixItems':[{'type':'integer'},"
     "{'anyOf':[{" REF("Number") "},{'type':'null'}]}]},{'type':'null'}]"},
};

START_TEST(a_type_is_a_schema)
{
    char bytes[512], right[512];
    struct strbuf text = {.data = bytes, .capacity = sizeof bytes - 1},
                  wanted = {.data = right, .capacity = sizeof right - 1};

    answer_type_write(&text, types[_i].type);
    strbuf_snippet(&wanted, types[_i].schema);
    ck_assert(!text.failed && !wanted.failed);
    bytes[text.length] = right[wanted.length] = '\0';
    ck_assert_str_eq(bytes, right);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {lists_are_filled_in, COUNT(cases)}, {a_type_is_a_schema, COUNT(types)}, {NULL, 0}};
    const TTest *const none[] = {NULL};

    return suite_run("template", loops, none);
}
