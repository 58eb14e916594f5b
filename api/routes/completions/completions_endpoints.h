/* completions_endpoints.h - OpenAI's routes: POST /v1/completions and GET /v1/models. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_completions, endpoint_models;

#endif
