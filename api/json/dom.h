/* dom.h - jansson's values, allocated in a request's arena.
 *
 * This is the only header that includes <jansson.h>. A tree is built value by value
 * (json_parser.h).  Its memory is charged to the request, and json_decref() is not needed.  Outside
 * of these functions jansson's allocations fail. */
#ifndef API_JSON_DOM_H
#define API_JSON_DOM_H

#include "core/arena.h"

#include <jansson.h>

/* Call it once, before the first thread starts. */
void dom_start(void);

/* The memory of one tree.  Small values share a slab. */
struct dom {
    struct arena *arena; /* borrowed */
    char *next;
    size_t left, slab; /* bytes left in the current slab; size of the next one */
};

/* Start a tree; `arena` is borrowed. */
void dom_init(struct dom *dom, struct arena *arena);

/* Make a value.  NULL: memory is used up. */
json_t *dom_object(struct dom *dom);
json_t *dom_array(struct dom *dom);
json_t *dom_string(struct dom *dom, const char *text, size_t length);
json_t *dom_integer(struct dom *dom, json_int_t number);
json_t *dom_real(struct dom *dom, double number);

/* Put a value into an object, where it replaces one of that name, or at the end of an array.
 * False: memory is used up; `value` may be NULL for that reason. */
bool dom_put(struct dom *dom, json_t *object, const char *name, size_t length, json_t *value);
bool dom_append(struct dom *dom, json_t *array, json_t *value);

/* The size of a tree: the number of its values, and the bytes of its strings and names.  Whoever
 * reads a tree once more charges it as text (WORK_TEXT). */
size_t dom_size(const json_t *value);

#endif
