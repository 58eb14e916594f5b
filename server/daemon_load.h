/* daemon_load.h - how many connections one daemon of libmicrohttpd has, or is about to have.
 *
 * A connection that was given to the library begins when the library's thread gets to it.  If
 * memory is missing then, the library closes it and calls no callback.  daemon_load_settle() finds
 * such connections and stops counting them. */
#ifndef SERVER_DAEMON_LOAD_H
#define SERVER_DAEMON_LOAD_H

#include <stdatomic.h>
#include <stddef.h>

struct daemon_load {
    atomic_size_t open;    /* began and did not end */
    atomic_size_t pending; /* were given and did not begin */
    atomic_size_t begun;   /* began, ever */
    size_t seen;           /* `begun` at the last daemon_load_settle() */
    unsigned still;        /* calls of it in a row that saw no change while some were pending */
};

void daemon_load_give(struct daemon_load *load);
void daemon_load_take_back(struct daemon_load *load); /* the library would not have it */
void daemon_load_begin(struct daemon_load *load);
void daemon_load_end(struct daemon_load *load);

size_t daemon_load_count(struct daemon_load *load);

/* Call this now and then, on one thread.  Where nothing began in many calls, what is pending is no
 * longer counted.  A connection that begins after all counts from then on. */
void daemon_load_settle(struct daemon_load *load);

#endif
