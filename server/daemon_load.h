/* daemon_load.h - how many connections one daemon of libmicrohttpd has, or is about to have.
 *
 * A connection is given to the library, and begins when its thread gets to it.  Where memory for it
 * is missing then, the library closes it without a word: such connections must be forgotten. */
#ifndef SERVER_DAEMON_LOAD_H
#define SERVER_DAEMON_LOAD_H

#include <stdatomic.h>
#include <stddef.h>

struct daemon_load {
    atomic_size_t open;    /* have begun and not ended */
    atomic_size_t pending; /* were given and have not begun */
    atomic_size_t begun;   /* ever */
    size_t seen;           /* of those, when daemon_load_settle() looked last */
    unsigned still;        /* looks since that changed while some are pending */
};

void daemon_load_give(struct daemon_load *load);
void daemon_load_take_back(struct daemon_load *load); /* the library would not have it */
void daemon_load_begin(struct daemon_load *load);
void daemon_load_end(struct daemon_load *load);

size_t daemon_load_count(struct daemon_load *load);

/* To be called now and then by one thread: what is pending for many looks in which nothing began is
 * forgotten.  Should it begin after all, it counts from then on. */
void daemon_load_settle(struct daemon_load *load);

#endif
