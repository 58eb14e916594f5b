/* lingering_close.h - connections that are refused: each is told why, and has a moment to read it.
 *
 * If a socket is closed while bytes are unread, the system resets the connection, and the client
 * may lose the answer.  So the last few sockets stay open for a while: what the client sends is
 * read and thrown away.  For use by one thread. */
#ifndef SERVER_LINGERING_CLOSE_H
#define SERVER_LINGERING_CLOSE_H

#include "api/exchange/api.h"

#define LINGERING_CLOSE_MOST 64

struct lingering_close {
    struct {
        int fd; /* 0: none */
        uint64_t until;
    } place[LINGERING_CLOSE_MOST];
    size_t next, count;
};

/* Answer with the error, and close the socket later.  Takes over the socket. */
void lingering_close_add(struct lingering_close *closing, int fd, const struct api *api,
                         const struct error *error);

/* Close those whose client is gone or whose time is over; close all. */
void lingering_close_sweep(struct lingering_close *closing);
void lingering_close_end(struct lingering_close *closing);

#endif
