/* engine_value.h - access to values in an engine's answer. */
#ifndef API_ENGINES_ENGINE_VALUE_H
#define API_ENGINES_ENGINE_VALUE_H

#include "api/base/number.h"
#include "api/json/dom.h"

#include <stdbool.h>

/* The value at a path of member names and positions ("logprobs/content", "choices/0/text") below a
 * value.  A name in snake_case also finds the member in camelCase.  NULL: absent. */
json_t *json_below(const json_t *object, const char *path);
/* The same for the first `length` bytes of a path. */
json_t *json_below_part(const json_t *object, const char *path, size_t length);
/* The same for an array.  NULL: absent, or not an array. */
json_t *json_list(const json_t *object, const char *path);

/* Visit each value at a path in which `*` stands for every position of an array; `visit` gets the
 * path that leads there.  False: `visit` returned false, and the rest was left out. */
bool json_each(const json_t *object, const char *path,
               bool (*visit)(void *context, const json_t *value, const char *path), void *context);

/* Read a number, or one of the words for NaN and infinity (json/number_word.h).  False: neither. */
bool json_number(const json_t *value, double *number);

/* Write a number for an error, as short as can be.  Returns `out`. */
const char *number_text(double value, char out[NUMBER_MAX + 1]);

#endif
