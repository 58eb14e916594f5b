/* request_target.h - the raw target of a request line.
 *
 * Routing and authorization use the bytes that were sent and never a decoded copy.  Otherwise %00
 * or %2f could lead them to two different routes. */
#ifndef SERVER_REQUEST_TARGET_H
#define SERVER_REQUEST_TARGET_H

#include "api/base/error.h"

#define TARGET_MAX 2048

/* Check `target` and cut it to its path, in place: the query goes, and so does "http://host" before
 * a path.  Returns the path, or NULL with the reason. */
char *request_target_path(char *target, struct error *err);

/* The query of a target that was not cut yet, behind its question mark.  NULL: there is none. */
const char *request_target_query(const char *target);

/* Write the names of the query's parameters, with commas between them, cut to `size` bytes.  Values
 * are not written: they may be secret.  Returns whether there are any. */
bool request_target_names(const char *query, char *out, size_t size);

#endif
