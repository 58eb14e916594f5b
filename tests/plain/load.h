/* load.h - jansson's own parser: what the program's is held to. */
#ifndef TESTS_PLAIN_LOAD_H
#define TESTS_PLAIN_LOAD_H

#include "api/json/dom.h"

/* Parse into the arena; NULL with *error filled in.  When memory was the reason, *starved is true.
 * Not for two threads at a time. */
json_t *plain_load(const char *text, size_t length, struct arena *arena, json_error_t *error,
                   bool *starved);

/* The same of a text that is one string. */
bool plain_is_string(const char *text, size_t length, struct arena *arena, json_error_t *error);

#endif
