/* path.h - patterns of paths: "/v2/models/{name}/infer".
 *
 * A segment in braces stands for any one segment that is not empty.  What is compared are the bytes
 * that were sent, never a decoded copy. */
#ifndef API_PATH_H
#define API_PATH_H

#include <stdbool.h>
#include <stddef.h>

bool path_matches(const char *pattern, const char *path);

/* Whether a path is `prefix` or below it: a query may follow. */
bool path_is_under(const char *path, const char *prefix);

/* The segment of a path that stands where {name} does in the pattern that it matches, and its
 * length; NULL where the pattern has no such segment. */
const char *path_segment(const char *pattern, const char *path, const char *name, size_t *length);

#endif
