/* compare_reply.h - the answer to POST /v1/compare, as JSON. */
#ifndef API_ROUTES_COMPARE_COMPARE_REPLY_H
#define API_ROUTES_COMPARE_COMPARE_REPLY_H

#include "api/base/strbuf.h"
#include "api/routes/compare/duel.h"

void duel_write(struct strbuf *text, const struct duel *duel);

#endif
