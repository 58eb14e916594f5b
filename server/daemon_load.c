/* daemon_load.c - counts of connections of one daemon. */
#include "server/daemon_load.h"

#define LOST_AFTER 10 /* calls of daemon_load_settle() */

void daemon_load_give(struct daemon_load *load)
{
    atomic_fetch_add(&load->pending, 1);
}

/* daemon_load_settle() may have set it to 0. */
void daemon_load_take_back(struct daemon_load *load)
{
    size_t pending = atomic_load(&load->pending);

    while (pending > 0 && !atomic_compare_exchange_weak(&load->pending, &pending, pending - 1))
        continue;
}

void daemon_load_begin(struct daemon_load *load)
{
    atomic_fetch_add(&load->open, 1);
    atomic_fetch_add(&load->begun, 1);
    daemon_load_take_back(load);
}

void daemon_load_end(struct daemon_load *load)
{
    atomic_fetch_sub(&load->open, 1);
}

size_t daemon_load_count(struct daemon_load *load)
{
    return atomic_load(&load->open) + atomic_load(&load->pending);
}

void daemon_load_settle(struct daemon_load *load)
{
    const size_t begun = atomic_load(&load->begun);

    if (begun != load->seen || atomic_load(&load->pending) == 0)
        load->still = 0;
    else if (++load->still >= LOST_AFTER)
        atomic_store(&load->pending, 0);
    load->seen = begun;
}
