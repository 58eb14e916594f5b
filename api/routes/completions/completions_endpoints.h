/* completions_endpoints.h - OpenAI's routes: POST /v1/completions (the legacy format, with logits
 * beside the prompt) and GET /v1/models.
 *
 * A prompt of N tokens comes with N rows of logits, or N - 1 if no token is appended; row t is
 * about token t + 1.  With `echo` the answer has the log-probability of each token of the prompt
 * (null for the first).  With `max_tokens` 1 it also has the token that is most likely after the
 * last row.
 *
 * Rows are parsed, reduced and checked as in POST /v1/score, with the same plans.  Only the members
 * differ. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_completions, endpoint_models;

#endif
