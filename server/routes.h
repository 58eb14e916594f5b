/* routes.h - the one table of routes; router.h searches it. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "api/base/strbuf.h"
#include "api/exchange/endpoint.h"

/* Ends with a row without a path. */
extern const struct route routes[];

/* The style of a path, even if there is no such route. */
enum error_style route_style(const char *path);

/* Append the table as Markdown. */
void route_reference(struct strbuf *page);

#endif
