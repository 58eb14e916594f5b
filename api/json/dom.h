/* dom.h - jansson's values, kept in a request's arena.
 *
 * The only header that includes <jansson.h>.  A tree is made value by value (json_parser.h): its
 * memory is charged to the request, and it needs no json_decref().  Outside of these functions
 * jansson is given no memory. */
#ifndef API_JSON_DOM_H
#define API_JSON_DOM_H

#include "core/arena.h"

#include <jansson.h>

/* Once, before any thread. */
void dom_start(void);

/* Where the values of one tree get their memory: small ones share a slab. */
struct dom {
    struct arena *arena; /* borrowed */
    char *next;
    size_t left, slab; /* bytes of the slab in use, and of the next one */
};

void dom_init(struct dom *dom, struct arena *arena);

/* A new value; NULL: no memory. */
json_t *dom_object(struct dom *dom);
json_t *dom_array(struct dom *dom);
json_t *dom_string(struct dom *dom, const char *text, size_t length);
json_t *dom_integer(struct dom *dom, json_int_t number);
json_t *dom_real(struct dom *dom, double number);

/* Put a value into an object, in place of one of that name, or at the end of an array.  False where
 * memory is missing, or `value` is NULL for want of it. */
bool dom_put(struct dom *dom, json_t *object, const char *name, size_t length, json_t *value);
bool dom_append(struct dom *dom, json_t *array, json_t *value);

#endif
