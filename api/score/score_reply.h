/* score_reply.h - the answer to POST /v1/score, as JSON. */
#ifndef API_SCORE_SCORE_REPLY_H
#define API_SCORE_SCORE_REPLY_H

#include "api/exchange/exchange.h"
#include "api/score/score.h"

void score_reply_write(struct strbuf *text, const struct scores *scores);

/* The members of `totals`; `corpus` may be NULL. */
void score_reply_totals(struct strbuf *text, const struct totals totals[], size_t sequences,
                        const struct corpus *corpus);

/* Members "greedy" and "id". */
void score_reply_put_greedy(struct strbuf *text, enum answer greedy);
void score_reply_put_id(struct strbuf *text, const json_t *id);

/* The loss of a token in an objective, with its weight; 0 outside the objective. */
double score_reply_token_loss(const struct scored *scored, const struct objective *objective,
                              size_t token);

/* What the log and the metrics tell of it. */
void score_reply_stats(struct request_stats *stats, const struct scores *scores);

#endif
