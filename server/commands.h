/* commands.h - --help, --version, --example, --docs and --healthcheck: what the program does
 * instead of serving. */
#ifndef SERVER_COMMANDS_H
#define SERVER_COMMANDS_H

#include "server/config.h"

/* Each returns the exit status. */
int command_help(void);
int command_version(void);
int command_docs(void);                               /* docs/reference.md on standard output */
int command_example(const struct config *config);     /* a request, or all of them by name */
int command_healthcheck(const struct config *config); /* 0: the server at that address is ready */

#endif
