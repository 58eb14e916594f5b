/* probes.h - the endpoints about the process: liveness, readiness, metrics. */
#ifndef SERVER_PROBES_H
#define SERVER_PROBES_H

#include "api/exchange/api.h"

extern const struct endpoint endpoint_livez, endpoint_readyz, endpoint_metrics, endpoint_oip_live,
    endpoint_oip_ready, endpoint_oip_model_ready;

#endif
