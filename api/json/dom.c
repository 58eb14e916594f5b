/* dom.c - jansson, kept inside a request's arena. */
#include "api/json/dom.h"

#include <setjmp.h>
#include <stdint.h>

#define FIRST_SLAB ((size_t)1024) /* there are many small trees: of parts, of lines */
#define LAST_SLAB ((size_t)4096)

/* jansson's allocation functions know no context, and one call stays on one thread. */
static _Thread_local struct {
    struct dom *dom;  /* of the call at hand; NULL: none */
    jmp_buf *starved; /* where a denied allocation goes; NULL: back into jansson */
} memory;

/* jansson 2.14's parser goes on after a denied allocation: it loses bytes of a token and then
 * writes past the end of a text.  So none is ever denied to it: the call ends here.  Everything
 * that jansson holds is the arena's, and stays consistent up to each allocation.  Its functions
 * that make values give up in good order. */
static void *starve(void)
{
    if (memory.starved)
        longjmp(*memory.starved, 1);
    return NULL;
}

/* Nodes hold pointers, integers and doubles. */
#define ALIGNMENT ((size_t)8)

/* A new slab, with `size` bytes taken; a piece that is large beside it stands alone. */
static void *take_fresh(struct dom *dom, size_t size)
{
    const bool alone = size > dom->slab / 4;
    char *fresh = arena_grow(dom->arena, NULL, 0, alone ? size : dom->slab);

    if (!fresh)
        return starve();
    if (alone)
        return fresh;
    dom->next = fresh + size;
    dom->left = dom->slab - size;
    dom->slab = dom->slab < LAST_SLAB ? dom->slab * 2 : LAST_SLAB;
    return fresh;
}

/* Small pieces share a slab: most nodes are 24 to 56 bytes. */
static void *dom_malloc(size_t size)
{
    struct dom *dom = memory.dom;
    void *chunk;

    if (!dom)
        return NULL;
    if (size > SIZE_MAX / 2)
        return starve();
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > dom->left)
        return take_fresh(dom, size);
    chunk = dom->next;
    dom->next += size;
    dom->left -= size;
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

/* What jansson allocates from here on is taken from `dom`; NULL: nothing more will. */
static void use(struct dom *dom, jmp_buf *starved)
{
    memory.dom = dom;
    memory.starved = starved;
}

json_t *dom_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                 bool *starved)
{
    struct dom dom;
    jmp_buf environment;
    json_t *tree;

    dom_init(&dom, arena);
    *starved = setjmp(environment) != 0;
    if (*starved) {
        use(NULL, NULL);
        return NULL;
    }
    use(&dom, &environment);
    tree = json_loadb(text ? text : "", length, JSON_REJECT_DUPLICATES, error);
    use(NULL, NULL);
    return tree;
}

bool dom_set(json_t *object, const char *name, const char *text, size_t length, struct arena *arena)
{
    json_error_t error;
    struct dom dom;
    jmp_buf environment;
    bool good;

    dom_init(&dom, arena);
    if (setjmp(environment)) {
        use(NULL, NULL);
        return false;
    }
    use(&dom, &environment);
    good = json_object_set_new(object, name, json_loadb(text, length, 0, &error)) == 0;
    use(NULL, NULL);
    return good;
}

/* ---- values, made one by one ---- */

void dom_init(struct dom *dom, struct arena *arena)
{
    *dom = (struct dom){.arena = arena, .slab = FIRST_SLAB};
}

json_t *dom_object(struct dom *dom)
{
    json_t *value;

    memory.dom = dom;
    value = json_object();
    memory.dom = NULL;
    return value;
}

json_t *dom_array(struct dom *dom)
{
    json_t *value;

    memory.dom = dom;
    value = json_array();
    memory.dom = NULL;
    return value;
}

json_t *dom_string(struct dom *dom, const char *text, size_t length)
{
    json_t *value;

    memory.dom = dom;
    value = json_stringn_nocheck(text, length);
    memory.dom = NULL;
    return value;
}

json_t *dom_integer(struct dom *dom, json_int_t number)
{
    json_t *value;

    memory.dom = dom;
    value = json_integer(number);
    memory.dom = NULL;
    return value;
}

json_t *dom_real(struct dom *dom, double number)
{
    json_t *value;

    memory.dom = dom;
    value = json_real(number);
    memory.dom = NULL;
    return value;
}

bool dom_put(struct dom *dom, json_t *object, const char *name, size_t length, json_t *value)
{
    bool good;

    memory.dom = dom;
    good = json_object_setn_new_nocheck(object, name, length, value) == 0;
    memory.dom = NULL;
    return good;
}

bool dom_append(struct dom *dom, json_t *array, json_t *value)
{
    bool good;

    memory.dom = dom;
    good = json_array_append_new(array, value) == 0;
    memory.dom = NULL;
    return good;
}
