/* nearest.h - the name that was probably meant. */
#ifndef API_BASE_NEAREST_H
#define API_BASE_NEAREST_H

#include <stdbool.h>

/* Whether `name` is in the list, which ends with NULL. */
bool nearest_known(const char *const *names, const char *name);

/* The name with the smallest edit distance (Levenshtein) to `name`; the list is not empty. */
const char *nearest_find(const char *const *names, const char *name);

#endif
