/* readers.h - the table of readers of numbers, and which of them can run. */
#ifndef API_JSON_READERS_H
#define API_JSON_READERS_H

#include "api/json/reader.h"

/* The reader at an index of the table (readers.def), best first, of those that run on a CPU with
 * `features` (cpu_features()).  NULL: past the end. */
const struct reader *reader_at(unsigned features, size_t index);

/* The reader of that name, or the best for "auto".  NULL if there is none, or if it cannot run. */
const struct reader *reader_find(unsigned features, const char *name);

/* Whether there is a reader of that name, even if this CPU cannot run it. */
bool reader_exists(const char *name);

#endif
