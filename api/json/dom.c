/* dom.c - jansson, kept inside a request's arena. */
#include "api/json/dom.h"

#include <setjmp.h>
#include <stdint.h>

#define FIRST_SLAB ((size_t)1024) /* there are many small trees: of parts, of lines */
#define LAST_SLAB ((size_t)4096)

/* jansson's allocation functions know no context, and one call stays on one thread. */
static _Thread_local struct {
    struct arena *arena;
    char *next;
    size_t left, slab; /* bytes of the slab in use, and of the next one */
    jmp_buf starved;   /* where a denied allocation goes */
} memory;

/* jansson 2.14 goes on after a denied allocation: it loses bytes of a token and then writes past
 * the end of a text.  So none is ever denied to it: the call ends here.  Everything that jansson
 * holds is the arena's, and stays consistent up to each allocation. */
static _Noreturn void starve(void)
{
    longjmp(memory.starved, 1);
}

/* Small pieces share a slab: most nodes are 24 to 56 bytes. */
static void *dom_malloc(size_t size)
{
    void *chunk;

    if (!memory.arena)
        return NULL;
    if (size > SIZE_MAX - 15)
        starve();
    size = (size + 15) & ~(size_t)15;
    if (size > memory.left) {
        const bool alone = size > memory.slab / 4;
        char *fresh = arena_alloc(memory.arena, alone ? size : memory.slab, 1);

        if (!fresh)
            starve();
        if (alone)
            return fresh;
        memory.next = fresh;
        memory.left = memory.slab;
        memory.slab = memory.slab < LAST_SLAB ? memory.slab * 2 : LAST_SLAB;
    }
    chunk = memory.next;
    memory.next += size;
    memory.left -= size;
    return chunk;
}

/* The arena frees everything at once. */
static void dom_free(void *chunk)
{
    (void)chunk;
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
}

json_t *dom_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                 bool *starved)
{
    json_t *tree;

    *starved = setjmp(memory.starved) != 0;
    if (*starved) {
        use(NULL);
        return NULL;
    }
    use(arena);
    tree = json_loadb(text ? text : "", length, JSON_REJECT_DUPLICATES, error);
    use(NULL);
    return tree;
}

bool dom_set(json_t *object, const char *name, const char *text, size_t length, struct arena *arena)
{
    json_error_t error;
    bool good;

    if (setjmp(memory.starved)) {
        use(NULL);
        return false;
    }
    use(arena);
    good = json_object_set_new(object, name, json_loadb(text, length, 0, &error)) == 0;
    use(NULL);
    return good;
}
