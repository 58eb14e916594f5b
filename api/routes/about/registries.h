/* registries.h - the tables of names that requests have beside objectives, for GET /v1/objectives.
 */
#ifndef API_ROUTES_ABOUT_REGISTRIES_H
#define API_ROUTES_ABOUT_REGISTRIES_H

#include "api/base/strbuf.h"

/* Write each table as a member: a list of objects with `name` and `formula`. */
void registries_put(struct strbuf *text);

#endif
