/* policy_endpoint.h - POST /v1/policy: ratios of policies, and the losses of policy optimisation.
 *
 * A request has sequences with up to four outputs each (core/policy_sources.def), or is itself a
 * sequence.  The log-probabilities of all of y have the same bits as in POST /v1/score.  Rows are
 * reduced as they arrive; they are kept only where `details` asks for divergences of them.
 *
 * The members are in api/members/policy.def and core/parameters.def; docs/policy.md describes the
 * answer. */
#ifndef API_ROUTES_POLICY_POLICY_ENDPOINT_H
#define API_ROUTES_POLICY_POLICY_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_policy;

#endif
