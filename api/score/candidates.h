/* candidates.h - what is told of the ids that `candidates` asks about. */
#ifndef API_SCORE_CANDIDATES_H
#define API_SCORE_CANDIDATES_H

#include "api/base/strbuf.h"
#include "api/base/work.h"
#include "api/score/scored.h"

/* Fill the entries of a token whose row was reduced.  False with *err set: work is used up. */
bool candidates_fill(struct scored *scored, size_t token, const struct row *row,
                     const struct row_stats *stats, struct work *work, struct error *err);

/* Write the column. */
void candidates_put(struct strbuf *text, const struct scored *scored);

#endif
