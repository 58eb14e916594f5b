/* routes.h - the one table of routes; router.h searches it. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "api/exchange/api.h"

/* Ends with a row without a path. */
extern const struct route routes[];

/* The family that a path belongs to, also where there is no such route. */
enum error_style route_family(const char *path);

/* The table as Markdown. */
typedef void route_write_f(void *context, const char *text, size_t length);
void route_reference(route_write_f *write, void *context);

#endif
