/* completions_reply.h - writes the answer to POST /v1/completions as JSON. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_REPLY_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_REPLY_H

#include "api/exchange/exchange.h"
#include "api/routes/completions/completions_read.h"
#include "api/score/scores.h"

/* Write the whole answer. */
void completions_write(struct strbuf *text, const struct completions *c,
                       const struct scores *scores, const struct exchange *x);

#endif
