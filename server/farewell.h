/* farewell.h - connections that are refused: each is told why, and has a moment to read it.
 *
 * A socket that is closed with bytes unread is reset, and its client may lose the answer.  So the
 * last few are kept open for writing by the client, read from and forgotten.  Not for threads. */
#ifndef SERVER_FAREWELL_H
#define SERVER_FAREWELL_H

#include "api/api.h"

#define FAREWELL_MOST 64

struct farewell {
    struct {
        int fd; /* 0: none */
        uint64_t until;
    } place[FAREWELL_MOST];
    size_t next, count;
};

/* Answer with the error, and close in a while.  Takes over the socket. */
void farewell_say(struct farewell *farewell, int fd, const struct api *api,
                  const struct error *error);

/* Close those whose client has gone, or whose time is over. */
void farewell_sweep(struct farewell *farewell);
void farewell_end(struct farewell *farewell);

#endif
