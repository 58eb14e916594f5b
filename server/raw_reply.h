/* raw_reply.h - an answer past libmicrohttpd, which cannot answer in the middle of a body. */
#ifndef SERVER_RAW_REPLY_H
#define SERVER_RAW_REPLY_H

#include "api/exchange/api.h"

/* Write x's reply with Connection: close, as far as it goes without waiting.  Nothing else may
 * write to `fd` now or later. */
void raw_reply_send(int fd, const struct exchange *x);

#endif
