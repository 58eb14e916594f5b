/* fuzz_parser.c - any bytes as JSON, cut anywhere: the tree that jansson's own parser makes, or an
 * error where that has one, too.
 *
 * The first byte of the input chooses the cuts, and whether what engines write is repaired: then it
 * is only that cuts change nothing.  The rest is the text. */
#include "tests/plain/load.h"

#include "api/json/json_parser.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY ((size_t)64 << 20)

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    dom_start();
    return 0;
}

/* Each chunk in memory of just its size. */
static enum parse_event parse_chunk(struct json_parser *parser, const char *text, size_t at,
                                    size_t size, bool last)
{
    char *copy = malloc(size ? size : 1);
    struct chunk chunk = {
        .start = copy, .at = copy, .end = copy + size, .offset = at, .last = last};
    enum parse_event event;

    memcpy(copy, text + at, size);
    do
        event = json_parser_next(parser, &chunk);
    while (event != PARSE_MORE && event != PARSE_END && event != PARSE_FAULT
           && event != PARSE_SPENT);
    free(copy);
    return event;
}

static json_t *parse(const char *text, size_t length, size_t step, bool repairs,
                     struct arena *arena, struct error *err)
{
    struct json_parser *parser = malloc(sizeof *parser);
    enum parse_event event = PARSE_MORE;
    json_t *tree;

    json_parser_init(parser, arena, err);
    parser->repair = repairs ? REPAIR_ALL : REPAIR_NOTHING;
    for (size_t at = 0, size; event == PARSE_MORE; at += size) {
        size = step < length - at ? step : length - at;
        event = parse_chunk(parser, text, at, size, at + size == length);
    }
    tree = event == PARSE_END ? parser->tree : NULL;
    free(parser);
    return tree;
}

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
    abort();
}

static void check_cuts(const char *text, size_t length, size_t step, bool repairs)
{
    struct arena arena;
    struct error whole = {0}, cut = {0};
    json_t *a, *b;

    arena_init(&arena, MEMORY, NULL);
    a = parse(text, length, length + 1, repairs, &arena, &whole);
    b = parse(text, length, step, repairs, &arena, &cut);
    if (whole.code != cut.code || strcmp(whole.detail, cut.detail) != 0
        || strcmp(whole.pointer, cut.pointer) != 0)
        fail(whole.detail, cut.detail);
    if (!a != !b || (a && !json_equal(a, b)))
        fail("cuts", "another tree");
    arena_release(&arena);
}

/* jansson drops a NUL behind a number, and goes deeper. */
static bool is_judged_apart(const char *text, size_t length)
{
    size_t depth = 0;

    for (size_t i = 0; i < length; i++)
        depth += text[i] == '[' || text[i] == '{';
    return memchr(text, '\0', length) || depth > JSON_MAX_DEPTH;
}

static void check_against_jansson(const char *text, size_t length)
{
    struct arena arena;
    struct error err = {0};
    json_error_t error;
    bool starved;
    json_t *ours, *theirs;

    arena_init(&arena, MEMORY, NULL);
    ours = parse(text, length, length + 1, false, &arena, &err);
    theirs = plain_load(text, length, &arena, &error, &starved);
    if (!ours != !theirs)
        fail(ours ? "taken" : err.detail, theirs ? "taken" : error.text);
    if (ours && !json_equal(ours, theirs))
        fail("jansson", "another tree");
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;

    if (size < 1)
        return 0;
    check_cuts(text, size - 1, 1 + data[0] / 2U, data[0] % 2);
    if (!is_judged_apart(text, size - 1))
        check_against_jansson(text, size - 1);
    return 0;
}
