/* compare_endpoint.h - POST /v1/compare: two models over the same tokens.
 *
 * A request holds sequences, each with two models; or it is itself a sequence.  A model is what
 * POST /v1/score takes of one, with its sequence's and the request's members as defaults, and the
 * log-probabilities of its tokens are to the bit what that route answers.  Where both models give
 * logits, the rows are compared, too (core/divergence.h): until then both are kept, within the
 * memory of the request.
 *
 * The members are declared in api/members/compare.def; the answer is described in
 * docs/compare.md. */
#ifndef API_ROUTES_COMPARE_COMPARE_ENDPOINT_H
#define API_ROUTES_COMPARE_COMPARE_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_compare;

#endif
