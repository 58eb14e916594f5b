/* tools.h - what the program does instead of serving. */
#ifndef SERVER_TOOLS_H
#define SERVER_TOOLS_H

#include "server/config.h"

/* Each returns the exit status. */
int tool_help(void);
int tool_version(void);
int tool_docs(void);                               /* docs/reference.md on standard output */
int tool_healthcheck(const struct config *config); /* 0: the server at that address is ready */

#endif
