/* dom.c - jansson's values, allocated in a request's arena. */
#include "api/json/dom.h"

#include <stdint.h>
#include <string.h>

#define FIRST_SLAB ((size_t)1024) /* many trees are small: those of parts and lines */
#define LAST_SLAB ((size_t)4096)

/* The tree of the current call.  jansson's allocation functions have no context argument, and a
 * call stays on its thread. */
static _Thread_local struct dom *in_use;

/* Values have pointers, integers and doubles. */
#define ALIGNMENT ((size_t)8)

/* Allocate a new slab with `size` bytes used.  A large block gets a slab of its own. */
static void *take_fresh(struct dom *dom, size_t size)
{
    const bool alone = size > dom->slab / 4;
    char *fresh = arena_grow(dom->arena, NULL, 0, alone ? size : dom->slab);

    if (!fresh)
        return NULL;
    if (alone)
        return fresh;
    dom->next = fresh + size;
    dom->left = dom->slab - size;
    dom->slab = dom->slab < LAST_SLAB ? dom->slab * 2 : LAST_SLAB;
    return fresh;
}

/* Allocate for jansson.  NULL: memory is used up.  jansson's constructors then fail and change
 * nothing. (Its parser, which is not used, goes on and writes past the end of a text.) Small blocks
 * share a slab: most values take 24 to 56 bytes. */
static void *dom_malloc(size_t size)
{
    struct dom *dom = in_use;
    void *chunk;

    if (!dom || size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > dom->left)
        return take_fresh(dom, size);
    chunk = dom->next;
    dom->next += size;
    dom->left -= size;
    return chunk;
}

/* The arena frees everything together. */
static void dom_free(void *chunk)
{
    (void)chunk;
}

void dom_start(void)
{
    json_set_alloc_funcs(dom_malloc, dom_free);
    json_object_seed(0);
}

void dom_init(struct dom *dom, struct arena *arena)
{
    *dom = (struct dom){.arena = arena, .slab = FIRST_SLAB};
}

/* What jansson made for `in_use`, which is none from now on. */
static json_t *made(json_t *value)
{
    in_use = NULL;
    return value;
}

/* The same for what it did: 0 is success. */
static bool done(int result)
{
    in_use = NULL;
    return result == 0;
}

json_t *dom_object(struct dom *dom)
{
    in_use = dom;
    return made(json_object());
}

json_t *dom_array(struct dom *dom)
{
    in_use = dom;
    return made(json_array());
}

json_t *dom_string(struct dom *dom, const char *text, size_t length)
{
    in_use = dom;
    return made(json_stringn_nocheck(text, length));
}

json_t *dom_integer(struct dom *dom, json_int_t number)
{
    in_use = dom;
    return made(json_integer(number));
}

json_t *dom_real(struct dom *dom, double number)
{
    in_use = dom;
    return made(json_real(number));
}

bool dom_put(struct dom *dom, json_t *object, const char *name, size_t length, json_t *value)
{
    in_use = dom;
    return done(json_object_setn_new_nocheck(object, name, length, value));
}

bool dom_append(struct dom *dom, json_t *array, json_t *value)
{
    in_use = dom;
    return done(json_array_append_new(array, value));
}

size_t dom_size(const json_t *value)
{
    size_t size = 1 + json_string_length(value), i;
    const char *name;
    json_t *inner;

    json_array_foreach(value, i, inner)
    {
        size += dom_size(inner);
    }
    json_object_foreach((json_t *)value, name, inner)
    {
        size += strlen(name) + dom_size(inner);
    }
    return size;
}
