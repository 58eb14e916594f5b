/* about_endpoints.h - the endpoints that describe the service: GET /version, /v1/objectives and
 * /openapi.json. */
#ifndef API_ROUTES_ABOUT_ABOUT_ENDPOINTS_H
#define API_ROUTES_ABOUT_ABOUT_ENDPOINTS_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_version, endpoint_objectives, endpoint_openapi;

#endif
