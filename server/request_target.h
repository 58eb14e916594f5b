/* request_target.h - the raw target of a request line.
 *
 * Routing and authorization look at the bytes that were sent and never at a decoded copy, so that
 * they cannot be led to two different routes (%00 and %2f would). */
#ifndef SERVER_REQUEST_TARGET_H
#define SERVER_REQUEST_TARGET_H

#include "api/base/error.h"

#define TARGET_MAX 2048

/* Judge `target` and cut it down to its path, in place: the query goes, and so does the front of
 * "http://host/path".  Returns the path, or NULL with the reason. */
char *request_target_path(char *target, struct error *err);

#endif
