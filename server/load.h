/* load.h - how many connections one daemon of libmicrohttpd has, or is about to have.
 *
 * A connection is given to the library, and begins when its thread gets to it.  Where memory for it
 * is missing then, the library closes it without a word: such connections must be forgotten. */
#ifndef SERVER_LOAD_H
#define SERVER_LOAD_H

#include <stdatomic.h>
#include <stddef.h>

struct load {
    atomic_size_t open;    /* have begun and not ended */
    atomic_size_t pending; /* were given and have not begun */
    atomic_size_t begun;   /* ever */
    size_t seen;           /* of those, when load_settle() looked last */
    unsigned still;        /* looks since that changed while some are pending */
};

void load_give(struct load *load);
void load_take_back(struct load *load); /* the library would not have it */
void load_begin(struct load *load);
void load_end(struct load *load);

size_t load_count(struct load *load);

/* To be called now and then by one thread: what is pending for many looks in which nothing began is
 * forgotten.  Should it begin after all, it counts from then on. */
void load_settle(struct load *load);

#endif
