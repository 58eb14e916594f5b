/* spread_reply.h - writes how a quantity is spread, S(x) of docs/compare.md, for all routes.
 *
 * Its members are in spread_reply.def.  Of nothing all members are null. */
#ifndef API_SCORE_SPREAD_REPLY_H
#define API_SCORE_SPREAD_REPLY_H

#include "core/comparison.h"

#include "api/base/json_writer.h"

/* Write the member `name`: the number, or null where it is not known. */
void put_figure(struct strbuf *text, const char *name, const struct figure *figure);

/* Write the member `name`: the summary.  `full`: with the percentiles. */
void put_spread(struct strbuf *text, const char *name, const struct spread *spread, bool full);

#endif
