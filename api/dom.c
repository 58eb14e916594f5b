/* dom.c - jansson, kept inside a request's arena. */
#include "api/dom.h"

#include <stdint.h>

#define SLAB 4096

/* jansson's allocation functions know no context, and one parse stays on one thread. */
static _Thread_local struct {
    struct arena *arena;
    char *next;
    size_t left;
    bool starved; /* jansson reports a failed allocation as a syntax error; this tells them apart */
} memory;

/* Small pieces share a slab: most nodes are 24 to 56 bytes. */
static void *dom_malloc(size_t size)
{
    void *piece;

    if (!memory.arena || size > SIZE_MAX - 15)
        return NULL;
    size = (size + 15) & ~(size_t)15;
    if (size > memory.left) {
        const size_t slab = size > SLAB / 4 ? size : SLAB;
        char *fresh = arena_alloc(memory.arena, slab, 1);

        memory.starved |= !fresh;
        if (!fresh || slab == size)
            return fresh;
        memory.next = fresh;
        memory.left = slab;
    }
    piece = memory.next;
    memory.next += size;
    memory.left -= size;
    return piece;
}

/* The arena frees everything at once. */
static void dom_free(void *piece)
{
    (void)piece;
}

void dom_start(void)
{
    json_set_alloc_funcs(dom_malloc, dom_free);
    json_object_seed(0);
}

static void use(struct arena *arena)
{
    memory.arena = arena;
    memory.left = 0;
    memory.starved = false;
}

bool dom_set(json_t *object, const char *name, json_t *value, struct arena *arena)
{
    bool good;

    use(arena);
    good = json_object_set_new(object, name, value) == 0;
    use(NULL);
    return good;
}

json_t *dom_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                 bool *starved)
{
    json_t *tree;

    use(arena);
    tree = json_loadb(text ? text : "", length, JSON_REJECT_DUPLICATES, error);
    *starved = memory.starved;
    memory.arena = NULL;
    return tree;
}
