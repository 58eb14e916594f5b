/* nearest.h - finds the name that a client probably meant. */
#ifndef API_BASE_NEAREST_H
#define API_BASE_NEAREST_H

#include <stdbool.h>

/* Whether `name` is in a list, which ends with NULL. */
bool nearest_known(const char *const *names, const char *name);

/* The name in a list with the smallest edit distance (Levenshtein) to `name`.  NULL: none is near,
 * that is, more than a third of the letters differ.  The list ends with NULL and is not empty. */
const char *nearest_find(const char *const *names, const char *name);

#endif
