/* compare_reply.h - writes the answer to POST /v1/compare as JSON (docs/compare.md). */
#ifndef API_ROUTES_COMPARE_COMPARE_REPLY_H
#define API_ROUTES_COMPARE_COMPARE_REPLY_H

#include "api/base/strbuf.h"
#include "api/routes/compare/duel.h"

/* Write the whole answer. */
void duel_write(struct strbuf *text, const struct duel *duel);

#endif
