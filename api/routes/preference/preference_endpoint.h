/* preference_endpoint.h - POST /v1/preference: losses of preferences.
 *
 * A request has pairs of completions, of which one was chosen, or examples with a label; of each
 * the output of a policy and of a reference, or their sums, or a reward. The members are in
 * api/members/preference.def, the objectives in core/preferences.def; docs/preference.md describes
 * both, and the answer. */
#ifndef API_ROUTES_PREFERENCE_PREFERENCE_ENDPOINT_H
#define API_ROUTES_PREFERENCE_PREFERENCE_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_preference;

#endif
