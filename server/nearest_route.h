/* nearest_route.h - the route that a client probably meant. */
#ifndef SERVER_NEAREST_ROUTE_H
#define SERVER_NEAREST_ROUTE_H

#include "api/exchange/endpoint.h"

#include <stdbool.h>

#define NEAREST_ROUTE_SIZE 96

/* Write the path of the route that is most like a path that no route has; segments in braces are
 * filled from it.  Case does not matter.  False: none is like it. */
bool nearest_route(const struct route *routes, const char *path, char out[NEAREST_ROUTE_SIZE]);

#endif
