/* exchange.h - how endpoints of api/ end. */
#ifndef API_EXCHANGE_EXCHANGE_H
#define API_EXCHANGE_EXCHANGE_H

#include "api/base/strbuf.h"
#include "api/exchange/api.h"

/* Make a JSON text the reply, or the error where the text or the exchange has failed. */
void exchange_reply(struct exchange *x, const struct strbuf *text);

#endif
