/* score_reply.h - writes the answer to POST /v1/score as JSON (docs/reference.md). */
#ifndef API_SCORE_SCORE_REPLY_H
#define API_SCORE_SCORE_REPLY_H

#include "api/exchange/exchange.h"
#include "api/score/score.h"

/* Write the whole answer. */
void score_reply_write(struct strbuf *text, const struct scores *scores);

/* Write the members of `totals`, without braces.  `totals` has OBJECTIVE_COUNT entries; `corpus`
 * and `temperatures` may be NULL. */
void score_reply_totals(struct strbuf *text, const struct total total[], size_t sequences,
                        const struct corpus *corpus, const struct temperature_totals *temperatures);

/* Write the member "greedy" (true, false or null), and the member "id" (a string or an integer). */
void score_reply_put_greedy(struct strbuf *text, enum answer greedy);
void score_reply_put_id(struct strbuf *text, const json_t *id);

/* weight * loss of a token in an objective, in nats.  0 if the objective does not score it. */
double score_reply_token_loss(const struct scored *scored, const struct objective *objective,
                              size_t token);

/* Set the statistics for the log and the metrics. */
void score_reply_stats(struct request_stats *stats, const struct scores *scores);

#endif
