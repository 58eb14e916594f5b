/* engine_value.h - values in an engine's answer, wherever they stand. */
#ifndef API_ENGINES_ENGINE_VALUE_H
#define API_ENGINES_ENGINE_VALUE_H

#include "api/json/dom.h"

#include <stdbool.h>

/* An array below an object, whose members the path names ("logprobs/content"); NULL where there is
 * none. */
json_t *json_below(const json_t *object, const char *path);
json_t *json_list(const json_t *object, const char *path);

/* A number, or a word for one (NaN, Infinity, -Infinity: json_repair.h); false where it is none. */
bool json_number(const json_t *value, double *number);

#endif
