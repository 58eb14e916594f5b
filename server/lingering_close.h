/* lingering_close.h - connections that end while their client still sends: each has a moment to
 * read the answer.
 *
 * If a socket is closed while bytes are unread, the system resets the connection, and the client
 * may lose the answer; a proxy then answers 502 in its place.  So the last few sockets stay open
 * for a while: what the client sends is read and thrown away. */
#ifndef SERVER_LINGERING_CLOSE_H
#define SERVER_LINGERING_CLOSE_H

#include "api/exchange/api.h"

#include <pthread.h>

#define LINGERING_CLOSE_MOST 64

struct lingering_close {
    pthread_mutex_t lock; /* over all of it */
    struct {
        int fd; /* 0: none */
        uint64_t until;
    } place[LINGERING_CLOSE_MOST];
    size_t next, count;
};

void lingering_close_init(struct lingering_close *closing);

/* Close a socket later, on which the answer is out.  Takes it over. */
void lingering_close_keep(struct lingering_close *closing, int fd);

/* Answer with the error, and close the socket later.  Takes it over. */
void lingering_close_add(struct lingering_close *closing, int fd, const struct api *api,
                         const struct error *error);

/* Close those whose client is gone or whose time is over; close all. */
void lingering_close_sweep(struct lingering_close *closing);
void lingering_close_end(struct lingering_close *closing);

#endif
