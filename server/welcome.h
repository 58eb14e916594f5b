/* welcome.h - what a server says when it begins to serve. */
#ifndef SERVER_WELCOME_H
#define SERVER_WELCOME_H

#include "server/config.h"

/* Say that the server listens at `name` (address_name()): one line on standard error, which
 * programs wait for.  At a terminal also where the page is, how to send a first request and how to
 * stop. */
void welcome_print(const char *name, const struct config *config);

#endif
