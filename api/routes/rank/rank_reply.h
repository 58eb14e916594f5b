/* rank_reply.h - writes the answer to POST /v1/rank as JSON (docs/rank.md). */
#ifndef API_ROUTES_RANK_RANK_REPLY_H
#define API_ROUTES_RANK_RANK_REPLY_H

#include "api/routes/rank/ranking.h"

/* Write the answer about one model.  False with x->error set: memory is used up. */
bool ranking_write(struct strbuf *text, const struct ranking *ranking, struct exchange *x);

#endif
