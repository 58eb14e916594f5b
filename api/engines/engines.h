/* engines.h - the engines whose answers are scored: their table (api/members/formats.def). */
#ifndef API_ENGINES_ENGINES_H
#define API_ENGINES_ENGINES_H

#include "api/engines/engine.h"

/* The engines in the order of the table; NULL past the end. */
const struct engine *engine_at(size_t index);
const struct engine *engine_find(const char *name);

/* Write the names of the engines that know a response, or (NULL) of all there are, to `out`.
 * Returns how many there are; *last is one of them. */
size_t engines_list(json_t *response, char *out, size_t size, const struct engine **last);

#endif
