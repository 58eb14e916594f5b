/* dom.c - jansson, kept inside a request's arena. */
#include "api/dom.h"

#include <stdint.h>

#define FIRST_SLAB ((size_t)1024) /* there are many small trees: of parts, of lines */
#define LAST_SLAB ((size_t)4096)

/* jansson's allocation functions know no context, and one parse stays on one thread. */
static _Thread_local struct {
    struct arena *arena;
    char *next;
    size_t left, slab; /* bytes of the slab in use, and of the next one */
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
        const bool alone = size > memory.slab / 4;
        char *fresh = arena_alloc(memory.arena, alone ? size : memory.slab, 1);

        memory.starved |= !fresh;
        if (!fresh || alone)
            return fresh;
        memory.next = fresh;
        memory.left = memory.slab;
        memory.slab = memory.slab < LAST_SLAB ? memory.slab * 2 : LAST_SLAB;
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

/* What jansson allocates from here on comes from the arena; NULL: nothing more will. */
static void use(struct arena *arena)
{
    memory.arena = arena;
    memory.left = 0;
    memory.slab = FIRST_SLAB;
    memory.starved = false;
}

json_t *dom_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                 bool *starved)
{
    json_t *tree;

    use(arena);
    tree = json_loadb(text ? text : "", length, JSON_REJECT_DUPLICATES, error);
    *starved = memory.starved;
    use(NULL);
    return tree;
}

bool dom_set(json_t *object, const char *name, const char *text, size_t length, struct arena *arena)
{
    json_error_t error;
    bool good;

    use(arena);
    good = json_object_set_new(object, name, json_loadb(text, length, 0, &error)) == 0;
    use(NULL);
    return good;
}
