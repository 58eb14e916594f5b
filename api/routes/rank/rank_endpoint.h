/* rank_endpoint.h - POST /v1/rank: ranks the choices of multiple-choice questions.
 *
 * A request has questions with choices, or is itself a question.  A choice is a sequence as in POST
 * /v1/score; members of its question and of the request are its defaults.  Its value is its
 * conditional log-probability, with the same bits as in that route, in several normalisations
 * (core/choice.h).
 *
 * The members are in api/members/rank.def, and docs/rank.md describes the answer. */
#ifndef API_ROUTES_RANK_RANK_ENDPOINT_H
#define API_ROUTES_RANK_RANK_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_rank;

#endif
