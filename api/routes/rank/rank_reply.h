/* rank_reply.h - the answer to POST /v1/rank, as JSON. */
#ifndef API_ROUTES_RANK_RANK_REPLY_H
#define API_ROUTES_RANK_RANK_REPLY_H

#include "api/routes/rank/ranking.h"

bool ranking_write(struct strbuf *text, const struct ranking *ranking, struct exchange *x);

#endif
