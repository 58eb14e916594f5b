/* reply.h - the answer to POST /v1/score, as JSON. */
#ifndef API_REPLY_H
#define API_REPLY_H

#include "api/exchange.h"
#include "api/score.h"

void reply_write(struct text *text, const struct scores *scores);

/* The members of `totals`. */
void reply_totals(struct text *text, const struct totals totals[], size_t sequences);

/* What the log and the metrics tell of it. */
void reply_facts(struct facts *facts, const struct scores *scores);

#endif
