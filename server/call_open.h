/* call_open.h - what is checked of a request before its body is read.
 *
 * In this order: the limits of the connection, the head, the route, the key, the limits of the
 * client, those of the server, the length of the body, and the memory that it will need. */
#ifndef SERVER_CALL_OPEN_H
#define SERVER_CALL_OPEN_H

#include "server/call.h"

/* The head is in.  False: the call is refused, or waits for memory (call->waiting). */
bool call_open(struct call *call, const struct head *head);

/* The connection is resumed after a wait for memory.  False: the call is refused. */
bool call_begin(struct call *call);

#endif
