/* openapi_schemas.h - what requests and answers look like, for the OpenAPI document. */
#ifndef API_ROUTES_ABOUT_OPENAPI_SCHEMAS_H
#define API_ROUTES_ABOUT_OPENAPI_SCHEMAS_H

#include "api/base/strbuf.h"

/* The members of components.schemas. */
void openapi_schemas(struct strbuf *text);

#endif
