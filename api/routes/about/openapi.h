/* openapi.h - the parts of the OpenAPI document. */
#ifndef API_ROUTES_ABOUT_OPENAPI_H
#define API_ROUTES_ABOUT_OPENAPI_H

#include "api/base/strbuf.h"

/* The members of components.schemas. */
void openapi_schemas(struct strbuf *text);

#endif
