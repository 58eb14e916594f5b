/* rank_endpoint.h - POST /v1/rank: multiple choice.
 *
 * A request holds questions, each with choices; or it is itself a question.  A choice is a sequence
 * as POST /v1/score takes it, with its question's and the request's members as defaults, and what
 * it is worth is its conditional log-probability, to the bit what that route answers, in several
 * normalisations (core/choice.h).
 *
 * The members are declared in api/members/rank.def; the answer is described in docs/rank.md. */
#ifndef API_ROUTES_RANK_RANK_ENDPOINT_H
#define API_ROUTES_RANK_RANK_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_rank;

#endif
