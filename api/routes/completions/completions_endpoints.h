/* completions_endpoints.h - OpenAI's routes: POST /v1/completions, which is OpenAI's legacy shape
 * with logits beside the prompt, and GET /v1/models.
 *
 * A prompt of N tokens comes with N rows of logits (N - 1 where nothing is appended); row t is
 * about token t + 1, as everywhere.  With echo the answer holds the log-probability of every token
 * of the prompt, the first one's null; with max_tokens 1 also the token that the last row says is
 * next.
 *
 * Rows are read, reduced and judged as for POST /v1/score, by the same plans: here they are made
 * from other members. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_ENDPOINTS_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_completions, endpoint_models;

#endif
