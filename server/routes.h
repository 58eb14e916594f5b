/* routes.h - the one table of routes; 404, 405 and Allow fall out of it. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "api/api.h"

#define ALLOW_SIZE 64

/* Ends with a row without a path. */
extern const struct route routes[];

/* The number of rows, which is also the place of "other" among the labels of routes. */
size_t route_count(void);

/* The place of a route among them: of the first with its endpoint.  NULL: other. */
size_t route_index(const struct route *route);

/* The endpoints that read a body, which are those that score, by the first route of each. */
size_t route_scoring_count(void);
const struct route *route_scoring_at(size_t i);
size_t route_scoring_index(const struct route *route); /* the count for all others */

/* The route, or NULL with the error 404 or 405.  HEAD finds GET.  Of patterns that match, the first
 * in the table counts. */
const struct route *route_find(const char *method, const char *path, struct error *err);

/* "GET, HEAD, OPTIONS": what the path takes; "" for a path that there is not. */
void route_allow(const char *path, char out[ALLOW_SIZE]);

/* The family of what is asked for, be there such a route or not. */
enum family route_family(const char *path);

typedef void route_write_f(void *context, const char *text, size_t length);
void route_reference(route_write_f *write, void *context);

#endif
