/* raw_reply.h - write a reply to a socket past libmicrohttpd, which cannot reply in the middle of a
 * body. */
#ifndef SERVER_RAW_REPLY_H
#define SERVER_RAW_REPLY_H

#include "api/exchange/api.h"

/* Write the reply of x with Connection: close, as much as fits the socket's buffer.  Nothing else
 * may write to `fd` now or later. */
void raw_reply_send(int fd, const struct exchange *x);

#endif
