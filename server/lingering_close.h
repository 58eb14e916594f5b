/* lingering_close.h - connections that are refused: each is told why, and has a moment to read it.
 *
 * A socket that is closed with bytes unread is reset, and its client may lose the answer.  So the
 * last few are kept open for writing by the client, read from and forgotten.  Not for threads. */
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

/* Answer with the error, and close in a while.  Takes over the socket. */
void lingering_close_add(struct lingering_close *closing, int fd, const struct api *api,
                         const struct error *error);

/* Close those whose client has gone, or whose time is over. */
void lingering_close_sweep(struct lingering_close *closing);
void lingering_close_end(struct lingering_close *closing);

#endif
