/* url_pattern.h - patterns of paths: "/v2/models/{name}/infer".
 *
 * A segment in braces stands for any one segment that is not empty.  What is compared are the bytes
 * that were sent, never a decoded copy. */
#ifndef API_EXCHANGE_URL_PATTERN_H
#define API_EXCHANGE_URL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

bool url_pattern_matches(const char *pattern, const char *path);

/* Whether a path is `prefix` or below it: a query may follow. */
bool path_is_under(const char *path, const char *prefix);

/* The segment of a path that stands where {name} does in the pattern that it matches, and its
 * length; NULL where the pattern has no such segment. */
const char *url_pattern_segment(const char *pattern, const char *path, const char *name,
                                size_t *length);

#endif
