/* infer_endpoints.h - the routes of the Open Inference Protocol (docs/inference.md). */
#ifndef API_ROUTES_INFER_INFER_ENDPOINTS_H
#define API_ROUTES_INFER_INFER_ENDPOINTS_H

#include "api/exchange/endpoint.h"

/* POST /v2/models/NAME/infer (infer.c) */
extern const struct endpoint endpoint_infer;

/* GET /v2, /v2/models/NAME, .../config, .../stats, /v2/models/stats, and POST /v2/repository/index
 * (infer_about.c) */
extern const struct endpoint endpoint_oip_server, endpoint_oip_model, endpoint_oip_config,
    endpoint_oip_stats, endpoint_oip_all_stats, endpoint_oip_index;

#endif
