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

#endif
