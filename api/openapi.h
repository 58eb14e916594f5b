/* openapi.h - the parts of the OpenAPI document. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "api/text.h"

/* The members of components.schemas. */
void openapi_schemas(struct text *text);

#endif
