/* confidences_reply.h - writes the calibration of a ranking as JSON (docs/calibration.md). */
#ifndef API_ROUTES_RANK_CONFIDENCES_REPLY_H
#define API_ROUTES_RANK_CONFIDENCES_REPLY_H

#include "api/base/strbuf.h"
#include "api/routes/rank/confidences.h"

/* Write the member `calibration` of totals. */
void confidences_write(struct strbuf *text, const struct confidences *confidences);

#endif
