/* engine_value.h - access to values in an engine's answer. */
#ifndef API_ENGINES_ENGINE_VALUE_H
#define API_ENGINES_ENGINE_VALUE_H

#include "api/json/dom.h"

#include <stdbool.h>

/* The value at a path of member names ("logprobs/content") below an object.  NULL: absent. */
json_t *json_below(const json_t *object, const char *path);
/* The same for an array.  NULL: absent, or not an array. */
json_t *json_list(const json_t *object, const char *path);

/* Read a number, or one of the words for NaN and infinity (json/number_word.h).  False: neither. */
bool json_number(const json_t *value, double *number);

#endif
