/* lifecycle.h - the process from start to end. */
#ifndef SERVER_LIFECYCLE_H
#define SERVER_LIFECYCLE_H

#include "server/config.h"

/* Serve until SIGTERM or SIGINT, then drain; returns the exit status. */
int lifecycle_run(const struct config *config);

#endif
