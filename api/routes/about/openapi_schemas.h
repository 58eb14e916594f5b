/* openapi_schemas.h - the schemas of the OpenAPI document (openapi_schemas.def). */
#ifndef API_ROUTES_ABOUT_OPENAPI_SCHEMAS_H
#define API_ROUTES_ABOUT_OPENAPI_SCHEMAS_H

#include "api/base/strbuf.h"

/* Write the members of components.schemas. */
void openapi_schemas(struct strbuf *text);

#endif
