/* acceptor.h - the thread that takes connections from the listening socket. */
#ifndef SERVER_ACCEPTOR_H
#define SERVER_ACCEPTOR_H

#include "server/address.h"
#include "server/http.h"
#include "server/lingering_close.h"

#include <pthread.h>

struct acceptor {
    int fd;                     /* listening */
    int wake;                   /* an eventfd that says: stop */
    struct address_claim claim; /* the file of a Unix socket */
    struct http *http;
    const struct api *api; /* to word a refusal */
    struct log *log;
    struct lingering_close refused; /* connections that were refused */
    pthread_t thread;
};

/* False, with errno, where an eventfd or the thread is missing. */
bool acceptor_start(struct acceptor *acceptor, int fd, struct http *http, const struct api *api,
                    struct log *log);

/* Let no new handshake begin, accept what is in the queue or on its way there, then close the
 * listening socket (and remove the file of a Unix socket).  Closing it at once would reset the
 * connections that are still in the queue. */
void acceptor_stop(struct acceptor *acceptor);

#endif
