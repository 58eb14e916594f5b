/* load.c - jansson's own parser. */
#include "tests/plain/load.h"

#include <setjmp.h>

static struct arena *memory;
static jmp_buf starved_here;

/* jansson 2.14's parser goes on after a denied allocation, and then writes past the end of a text:
 * so the call ends. */
static void *take(size_t size)
{
    void *bytes = arena_alloc(memory, size, 1);

    if (!bytes)
        longjmp(starved_here, 1);
    return bytes;
}

static void give(void *bytes)
{
    (void)bytes;
}

static json_t *load(const char *text, size_t length, size_t flags, struct arena *arena,
                    json_error_t *error, bool *starved)
{
    json_t *tree;

    memory = arena;
    json_set_alloc_funcs(take, give);
    *starved = setjmp(starved_here) != 0;
    tree = *starved ? NULL : json_loadb(text ? text : "", length, flags, error);
    dom_start();
    return tree;
}

json_t *plain_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                   bool *starved)
{
    return load(text, length, JSON_REJECT_DUPLICATES, arena, error, starved);
}

bool plain_is_string(const char *text, size_t length, struct arena *arena, json_error_t *error)
{
    bool starved;

    return load(text, length, JSON_DECODE_ANY, arena, error, &starved) || starved;
}
