/* test_parser.c - JSON read as it arrives: the tree, against jansson's own parser, and what is said
 * of text that is no JSON, wherever it is cut. */
#include "tests/plain/load.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/json/json_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY ((size_t)16 << 20)

/* ---- parsing ---- */

struct outcome {
    struct arena arena;
    struct json_parser parser;
    struct error err;
    json_t *tree; /* NULL: err */
    size_t told;  /* events */
};

/* Read the chunk; false once the text has ended or failed. */
static bool read_chunk(struct outcome *outcome, struct chunk *chunk)
{
    for (;;) {
        const enum parse_event event = json_parser_next(&outcome->parser, chunk);

        if (event == PARSE_MORE)
            return true;
        if (event == PARSE_END)
            outcome->tree = outcome->parser.tree;
        if (event == PARSE_END || event == PARSE_FAULT || event == PARSE_SPENT)
            return false;
        outcome->told++;
    }
}

/* In a first chunk and others, each in memory of just its size. */
static void parse(struct outcome *outcome, const char *text, size_t length, size_t first,
                  size_t step, bool repairs)
{
    bool more = true;

    *outcome = (struct outcome){.tree = NULL};
    arena_init(&outcome->arena, MEMORY, NULL);
    json_parser_init(&outcome->parser, &outcome->arena, &outcome->err);
    outcome->parser.repair = repairs ? REPAIR_ALL : REPAIR_NOTHING;
    for (size_t at = 0, size; more; at += size) {
        char *copy;
        struct chunk chunk = {.offset = at};

        size = at == 0 && first > 0 ? first : step;
        size = size < length - at ? size : length - at;
        chunk.last = at + size == length;
        copy = malloc(size + 1);
        memcpy(copy, text + at, size);
        copy = realloc(copy, size > 0 ? size : 1);
        chunk.start = chunk.at = copy;
        chunk.end = copy + size;
        more = read_chunk(outcome, &chunk);
        free(copy);
    }
}

static void check_same(const struct outcome *a, const struct outcome *b, const char *text,
                       size_t first)
{
    ck_assert_msg(a->err.code == b->err.code && strcmp(a->err.pointer, b->err.pointer) == 0
                      && strcmp(a->err.detail, b->err.detail) == 0,
                  "%s cut at %zu: %s %s\n%s %s", text, first, a->err.pointer, a->err.detail,
                  b->err.pointer, b->err.detail);
    ck_assert_msg(!a->tree == !b->tree && (!a->tree || json_equal(a->tree, b->tree)), "%s", text);
    ck_assert_uint_eq(a->told, b->told);
}

/* How a text is cut changes nothing. */
static void check_cuts(const char *text, size_t length, bool repairs)
{
    struct outcome whole, cut;

    parse(&whole, text, length, 0, length + 1, repairs);
    for (size_t first = 0; first < length; first++) {
        parse(&cut, text, length, first, first == 0 ? 1 : length, repairs);
        check_same(&cut, &whole, text, first);
        arena_release(&cut.arena);
    }
    arena_release(&whole.arena);
}

/* ---- against jansson ---- */

/* What jansson takes for JSON though it is none, or is deeper than we go. */
static bool is_judged_apart(const char *text, size_t length)
{
    size_t depth = 0;

    for (size_t i = 0; i < length; i++)
        depth += text[i] == '[' || text[i] == '{';
    return memchr(text, '\0', length) || depth > JSON_MAX_DEPTH;
}

static enum error_code code_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return ERR_DUPLICATE_NAME;
    case json_error_numeric_overflow:
        return ERR_OUT_OF_RANGE;
    default:
        return ERR_BAD_JSON;
    }
}

/* The same tree, or the same kind of error. */
static void check_against_jansson(const char *text, size_t length, size_t first)
{
    struct outcome ours;
    struct arena arena;
    json_error_t error;
    bool starved;
    json_t *tree;

    if (is_judged_apart(text, length))
        return;
    arena_init(&arena, MEMORY, NULL);
    tree = plain_load(text, length, &arena, &error, &starved);
    parse(&ours, text, length, first, length + 1, false);
    ck_assert_msg(!tree == !ours.tree, "%.*s: %s, and not %s", (int)length, text, ours.err.detail,
                  error.text);
    if (tree)
        ck_assert_msg(json_equal(tree, ours.tree), "%.*s", (int)length, text);
    else
        ck_assert_msg(ours.err.code == code_of(&error) || ours.err.code == ERR_OUT_OF_RANGE
                          || code_of(&error) == ERR_OUT_OF_RANGE,
                      "%.*s: %s, and not %s", (int)length, text, ours.err.detail, error.text);
    arena_release(&arena);
    arena_release(&ours.arena);
}

static const char *const texts[] = {
    "{}",
    "[]",
    " [ ] ",
    "{\"a\":1}",
    "{\"a\" : [1, 2,\n 3 ] , \"b\": {\"c\": null}, \"d\": [true,false,null]}\r\n\t ",
    "[0,-0,-1,12345678901234567,9223372036854775807,-9223372036854775808]",
    "[0.0,-0.0,1.5,1e5,1E+5,-1.25e-7,0e0,1e-400,0.1,123456789012345678901.5,1."
    "7976931348623157e308]",
    "[[[[[[]]]]],{\"a\":{\"a\":{\"a\":{}}}}]",
    "{\"\":\"\",\"a\":\"\",\"\\u0061b\":\"\\\"\\\\\\/"
    "\\b\\f\\n\\r\\t\\u00e9\\u20ac\\ud83d\\ude00\"}",
    "[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f plain text that is longer than eight bytes "
    "\xc3\xa9\"]",
    "{\"a\":[\"x\",\"y\"],\"b\":\"z\",\"c\":\"w\"}",
    "[\"\\ud800\\udc00\",\"\\udbff\\udfff\",\"a\\ud83d\\ude00b\"]",
    "{\"one\":1,\"two\":2,\"three\":3,\"four\":4,\"five\":5,\"six\":6,\"seven\":7,\"eight\":8,"
    "\"nine\":9,"
    "\"ten\":10}",
};

START_TEST(trees_are_those_of_jansson)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct outcome outcome;

        parse(&outcome, texts[i], strlen(texts[i]), 0, PTRDIFF_MAX, false);
        ck_assert_msg(outcome.tree != NULL, "%s: %s", texts[i], outcome.err.detail);
        arena_release(&outcome.arena);
        check_against_jansson(texts[i], strlen(texts[i]), 0);
        check_cuts(texts[i], strlen(texts[i]), false);
    }
}
END_TEST

/* Some bytes of a text replaced by those that mean something, or cut off. */
START_TEST(mutations_are_judged_as_jansson_does)
{
    static const char bytes[] = "{}[]\",:\\0-.eE+tfnu \n\x01\xff\x80\xc3"
                                "ad8/19";
    uint64_t state = 7;

    for (size_t n = 0; n < times(200000); n++) {
        const char *good = texts[n % COUNT(texts)];
        size_t length = strlen(good);
        char text[512];

        memcpy(text, good, length);
        for (size_t changes = 1 + random_below(&state, 3); changes > 0; changes--)
            text[random_below(&state, length)] = bytes[random_below(&state, sizeof bytes - 1)];
        if (random_below(&state, 4) == 0)
            length = random_below(&state, length + 1);
        check_against_jansson(text, length, random_below(&state, length + 1));
    }
}
END_TEST

/* ---- errors ---- */

#define AT(byte, line, column) "byte " #byte ", line " #line ", column " #column ": "

static const struct {
    const char *text;
    enum error_code code;
    const char *pointer, *detail; /* detail: a part of it */
} faults[] = {
#include "tests/unit/data/json_faults.def"
};

START_TEST(faults_are_told_with_their_place)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        const char *text = faults[i].text;
        struct outcome outcome;

        parse(&outcome, text, strlen(text), 0, PTRDIFF_MAX, false);
        ck_assert_msg(!outcome.tree && outcome.err.code == faults[i].code
                          && strcmp(outcome.err.pointer, faults[i].pointer) == 0
                          && strstr(outcome.err.detail, faults[i].detail),
                      "%s: %s %s %s", text, error_slug(outcome.err.code), outcome.err.pointer,
                      outcome.err.detail);
        arena_release(&outcome.arena);
        check_cuts(text, strlen(text), false);
    }
}
END_TEST

/* Texts with a NUL, by their length. */
static const struct {
    const char *text;
    size_t length;
    const char *detail;
} nuls[] = {
#define NUL(text, detail)                                                                          \
    {                                                                                              \
        text, sizeof text - 1, detail                                                              \
    }
    NUL("{\0\"\0a\0\"\0:\0001\0}\0", AT(1, 1, 2) "a NUL: is it UTF-16? send UTF-8"),
    NUL("\0{\0}", AT(0, 1, 1) "a NUL: is it UTF-16? send UTF-8"),
    NUL("{\"tokens\":[0,1\0]}", AT(14, 1, 15) "a NUL"),
    NUL("{\"a\":\"b\0\"}", AT(7, 1, 8) "a NUL"),
    NUL("{\"a\":\"\xc3\xa9\0\"}", AT(8, 1, 8) "a NUL"),
    NUL("{}\0", AT(2, 1, 3) "a NUL"),
};

START_TEST(a_nul_is_told)
{
    for (size_t i = 0; i < COUNT(nuls); i++) {
        struct outcome outcome;

        parse(&outcome, nuls[i].text, nuls[i].length, 0, PTRDIFF_MAX, false);
        ck_assert_msg(!outcome.tree && outcome.err.code == ERR_BAD_JSON
                          && outcome.err.pointer[0] == '\0'
                          && strstr(outcome.err.detail, nuls[i].detail),
                      "%zu: %s %s", i, outcome.err.pointer, outcome.err.detail);
        arena_release(&outcome.arena);
        check_cuts(nuls[i].text, nuls[i].length, false);
    }
}
END_TEST

START_TEST(depth_is_limited)
{
    char text[2 * JSON_MAX_DEPTH + 2];
    struct outcome outcome;

    memset(text, '[', JSON_MAX_DEPTH);
    memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
    parse(&outcome, text, sizeof text - 2, 0, PTRDIFF_MAX, false);
    ck_assert_ptr_nonnull(outcome.tree);
    arena_release(&outcome.arena);
    text[JSON_MAX_DEPTH] = '[';
    parse(&outcome, text, sizeof text - 2, 0, PTRDIFF_MAX, false);
    ck_assert_ptr_null(outcome.tree);
    ck_assert_str_eq(outcome.err.detail, "nested deeper than 64 levels (byte 64)");
    arena_release(&outcome.arena);
    check_cuts(text, sizeof text - 2, false);
}
END_TEST

/* ---- what engines write ---- */

static const struct {
    const char *text, *repaired;
} repairs[] = {
    {"[NaN,Infinity,-Infinity]", "['NaN','Infinity','-Infinity']"},
    {"[1e400,-1e400,1]", "['Infinity','-Infinity',1]"},
    {"[18446744073709551615,-9223372036854775809,9223372036854775807]",
     "[18446744073709551615.0,-9223372036854775809.0,9223372036854775807]"},
    {"['\\u0000','a\\ud83db','\\ude00','\\ud83d\\ud83d\\ude00']",
     "['\\ue800','a\\ue03db','\\ue600','\\ue03d\\ud83d\\ude00']"},
    {"{'\\ud83d':1,'\\udbff\\u0000':2}", "{'\\ue03d':1,'\\ue3ff\\ue800':2}"},
    {"['\\ud83d\\n','\\ud83d\xc3\xa9','\\ud83d','\\\\u0000']",
     "['\\ue03d\\n','\\ue03d\xc3\xa9','\\ue03d','\\\\u0000']"},
};

static size_t double_quotes(char *out, const char *text)
{
    const size_t length = strlen(text);

    for (size_t i = 0; i <= length; i++)
        out[i] = text[i] == '\'' ? '"' : text[i];
    return length;
}

START_TEST(what_engines_write_is_repaired)
{
    for (size_t i = 0; i < COUNT(repairs); i++) {
        struct outcome ours, wanted;
        char text[256], repaired[256];
        const size_t length = double_quotes(text, repairs[i].text),
                     repaired_length = double_quotes(repaired, repairs[i].repaired);

        parse(&ours, text, length, 0, PTRDIFF_MAX, true);
        parse(&wanted, repaired, repaired_length, 0, PTRDIFF_MAX, false);
        ck_assert_msg(ours.tree && wanted.tree && json_equal(ours.tree, wanted.tree), "%s: %s",
                      text, ours.err.detail);
        arena_release(&ours.arena);
        parse(&ours, text, length, 0, PTRDIFF_MAX, false);
        ck_assert_msg(!ours.tree, "%s", text);
        arena_release(&ours.arena);
        arena_release(&wanted.arena);
        check_cuts(text, length, true);
    }
}
END_TEST

/* ---- memory ---- */

/* With every amount of memory up to enough, a tree or no memory. */
START_TEST(denied_memory_is_told)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        bool good = false;

        for (size_t memory = 0; !good; memory += 64) {
            struct json_parser parser;
            struct error err = {0};
            struct arena arena;
            struct chunk chunk = {.start = texts[i],
                                  .at = texts[i],
                                  .end = texts[i] + strlen(texts[i]),
                                  .last = true};
            enum parse_event event;

            arena_init(&arena, memory, NULL);
            json_parser_init(&parser, &arena, &err);
            do
                event = json_parser_next(&parser, &chunk);
            while (event != PARSE_END && event != PARSE_SPENT && event != PARSE_FAULT);
            ck_assert_int_ne(event, PARSE_FAULT);
            good = event == PARSE_END;
            arena_release(&arena);
        }
    }
}
END_TEST

/* ---- diverted text ---- */

/* Arrays of numbers under "rows", and strings under "data", are read by somebody else. */
static void divert(struct json_parser *parser, struct chunk *chunk, char end)
{
    ck_assert(json_parser_divert(parser));
    while (*chunk->at++ != end)
        continue;
}

START_TEST(text_may_be_diverted)
{
    static const char text[] =
        "{\"a\":[1],\"rows\":[[1,2],\n3],\"b\":{\"data\":\"x\\y\"},\"c\":\"d\" 5";
    static const char left[] = "{\"a\":[1],\"rows\":0,\"b\":{\"data\":0},\"c\":\"d\"}";
    struct chunk chunk = {.start = text, .at = text, .end = text + sizeof text - 1, .last = true};
    struct json_parser parser;
    struct error err = {0};
    struct arena arena;
    enum parse_event event;
    json_t *wanted;

    arena_init(&arena, MEMORY, NULL);
    json_parser_init(&parser, &arena, &err);
    do {
        event = json_parser_next(&parser, &chunk);
        if (event == PARSE_ARRAY && json_path_at(&parser.path, 0, "rows")) {
            const char *from = chunk.at;

            divert(&parser, &chunk, '3');
            chunk.at++;
            json_lines_skip(&parser.lines, &chunk, from);
        }
        if (event == PARSE_STRING && json_path_at(&parser.path, 1, "data"))
            divert(&parser, &chunk, '"');
    } while (event != PARSE_FAULT && event != PARSE_END);
    ck_assert_msg(strstr(err.detail, AT(54, 2, 31) "a comma is missing"), "%s", err.detail);
    wanted = json_parser_read(left, strlen(left), &arena, &(struct error){0});
    ck_assert(wanted && json_equal(wanted, parser.tree));
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {trees_are_those_of_jansson,
                                  mutations_are_judged_as_jansson_does,
                                  faults_are_told_with_their_place,
                                  a_nul_is_told,
                                  depth_is_limited,
                                  what_engines_write_is_repaired,
                                  denied_memory_is_told,
                                  text_may_be_diverted,
                                  NULL};

    dom_start();
    return suite_main("parser", tests);
}
