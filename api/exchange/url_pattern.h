/* url_pattern.h - patterns of paths: "/v2/models/{name}/infer".
 *
 * A segment in braces matches any one segment that is not empty.  Paths are compared as they were
 * sent, not decoded. */
#ifndef API_EXCHANGE_URL_PATTERN_H
#define API_EXCHANGE_URL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a path matches a pattern. */
bool url_pattern_matches(const char *pattern, const char *path);

/* Whether a path is `prefix` or below it.  A query may follow. */
bool path_is_under(const char *path, const char *prefix);

/* The segment of a path at {name} of a pattern that it matches, and its length; it has no NUL at
 * its end.  NULL: the pattern has no such segment. */
const char *url_pattern_segment(const char *pattern, const char *path, const char *name,
                                size_t *length);

#endif
