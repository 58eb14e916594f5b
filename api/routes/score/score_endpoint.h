/* score_endpoint.h - POST /v1/score: scores sequences.  docs/reference.md describes it. */
#ifndef API_ROUTES_SCORE_SCORE_ENDPOINT_H
#define API_ROUTES_SCORE_SCORE_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_score;

#endif
