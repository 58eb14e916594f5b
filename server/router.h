/* router.h - find the route of a request in a table of routes.
 *
 * The table ends with a row without a path (struct route in api/exchange/endpoint.h).  It is handed
 * in, so that whoever needs routes need not know their handlers. */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H

#include "api/exchange/api.h"

#define ALLOW_SIZE 64

/* The number of rows. */
size_t router_count(const struct route *routes);

/* The index of a route: that of the first row with its endpoint.  The count for NULL. */
size_t router_index(const struct route *routes, const struct route *route);

/* The routes that score: those that read a body, the first row of each endpoint. */
size_t router_scoring_count(const struct route *routes);
const struct route *router_scoring_at(const struct route *routes, size_t i);

/* The index of a route among them; the count for all others. */
size_t router_scoring_index(const struct route *routes, const struct route *route);

/* The route, or NULL with the error 404 or 405.  HEAD finds GET.  Of patterns that match, the first
 * in the table counts. */
const struct route *router_find(const struct route *routes, const char *method, const char *path,
                                struct error *err);

/* The methods of a path: "GET, HEAD, OPTIONS".  "" if no route matches. */
void router_allow(const struct route *routes, const char *path, char out[ALLOW_SIZE]);

#endif
