/* exchange.h - how an endpoint finishes. */
#ifndef API_EXCHANGE_EXCHANGE_H
#define API_EXCHANGE_EXCHANGE_H

#include "api/base/strbuf.h"
#include "api/exchange/api.h"

/* Make a JSON text the reply.  If the exchange has an error, or the text has failed,
 * exchange_fail() instead. */
void exchange_reply(struct exchange *x, const struct strbuf *text);

#endif
