/* dom.h - jansson, kept inside a request's arena.
 *
 * The only header that includes <jansson.h>.  While dom_load() runs, jansson's memory comes from
 * the exchange's arena: it is charged to the request, and a tree needs no json_decref(). */
#ifndef API_JSON_DOM_H
#define API_JSON_DOM_H

#include "core/arena.h"

#include <jansson.h>

/* Once, before any thread. */
void dom_start(void);

/* Parse; NULL with *error filled in.  When memory was the reason, *starved is true. */
json_t *dom_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                 bool *starved);

/* Give an object a member, in place of one of that name, whose value is good JSON; false where
 * memory is missing. */
bool dom_set(json_t *object, const char *name, const char *text, size_t length,
             struct arena *arena);

/* ---- values, made one by one ---- */

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
