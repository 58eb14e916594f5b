/* access.h - what is told of a request when it is over: its metrics and its line in the log. */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "server/call.h"

/* `status` is what libmicrohttpd sent if that was not our reply; `late`: the sweep shut it down. */
void access_record(const struct call *call, unsigned status, bool late);

#endif
