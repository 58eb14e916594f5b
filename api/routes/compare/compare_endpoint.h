/* compare_endpoint.h - POST /v1/compare: compares two models over the same tokens.
 *
 * A request has sequences with two models each, or is itself a sequence.  A model has the outputs
 * for its sequence, as in POST /v1/score; members of the sequence and of the request are its
 * defaults.  The log-probabilities have the same bits as in that route.  If both models give
 * logits, their rows are compared too (core/divergence.h).  Until then both are kept, within the
 * memory of the request.
 *
 * The members are in api/members/compare.def, and docs/compare.md describes the answer. */
#ifndef API_ROUTES_COMPARE_COMPARE_ENDPOINT_H
#define API_ROUTES_COMPARE_COMPARE_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_compare;

#endif
