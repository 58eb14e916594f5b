/* engines.h - the table of engines (api/members/formats.def). */
#ifndef API_ENGINES_ENGINES_H
#define API_ENGINES_ENGINES_H

#include "api/engines/engine.h"

/* The engine at an index of the table.  NULL: past the end. */
const struct engine *engine_at(size_t index);
/* The engine of a name.  NULL: there is none. */
const struct engine *engine_find(const char *name);

/* Room for the names of all engines, with commas between. */
enum {
    ENGINE_NAMES_SIZE = 1
#define FORMAT(name, ...) +sizeof #name + 1
#include "api/members/formats.def"
};

/* Write the names of the engines that detect a response (NULL: of all engines) to `out`, with
 * commas between.  Returns their number; *last is the last one. */
size_t engines_list(json_t *response, char out[ENGINE_NAMES_SIZE], const struct engine **last);

/* The name of a list of answers that a response has empty.  NULL: there is none. */
const char *engines_empty_list(const json_t *response);

#endif
