/* load.c - counts of connections. */
#include "server/load.h"

#define LOST_AFTER 10 /* looks */

void load_give(struct load *load)
{
    atomic_fetch_add(&load->pending, 1);
}

/* It may have been forgotten. */
void load_take_back(struct load *load)
{
    size_t pending = atomic_load(&load->pending);

    while (pending > 0 && !atomic_compare_exchange_weak(&load->pending, &pending, pending - 1))
        continue;
}

void load_begin(struct load *load)
{
    atomic_fetch_add(&load->open, 1);
    atomic_fetch_add(&load->begun, 1);
    load_take_back(load);
}

void load_end(struct load *load)
{
    atomic_fetch_sub(&load->open, 1);
}

size_t load_count(struct load *load)
{
    return atomic_load(&load->open) + atomic_load(&load->pending);
}

void load_settle(struct load *load)
{
    const size_t begun = atomic_load(&load->begun);

    if (begun != load->seen || atomic_load(&load->pending) == 0)
        load->still = 0;
    else if (++load->still >= LOST_AFTER)
        atomic_store(&load->pending, 0);
    load->seen = begun;
}
