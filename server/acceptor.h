/* acceptor.h - the thread that takes connections from the listening socket. */
#ifndef SERVER_ACCEPTOR_H
#define SERVER_ACCEPTOR_H

#include "server/address.h"
#include "server/http.h"
#include "server/lingering_close.h"

#include <pthread.h>

struct acceptor {
    int fd;                     /* listening */
    int wake;                   /* an eventfd: stop */
    struct address_claim claim; /* the file of a Unix socket */
    struct http *http;
    const struct api *api; /* to word a refusal */
    struct log *log;
    struct lingering_close refused; /* of connections that are refused */
    pthread_t thread;
};

/* False, with errno, where it cannot be. */
bool acceptor_start(struct acceptor *acceptor, int fd, struct http *http, const struct api *api,
                    struct log *log);

/* Let no new handshake begin, take what is in the queue or on its way there, then close the
 * listening socket (and remove the file of a Unix socket).  What the system has accepted is ours:
 * closing at once would reset it. */
void acceptor_stop(struct acceptor *acceptor);

#endif
