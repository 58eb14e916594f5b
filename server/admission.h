/* admission.h - who may send a body, and who waits.
 *
 * A request that is let in without thought takes its memory as its body comes; many at once then
 * grow together until all of them fail.  So the memory that a body will need is reserved when its
 * head is in, before any of it is read; where there is not enough, the request waits in a queue,
 * first come, first served, for a limited time.
 *
 * A promise is for those who send: where the body does not come, it is taken back, and the request
 * goes on without one.
 *
 * What a body needs is learned for each kind (a route): bytes of memory for a byte of body, as the
 * last ones of the kind needed; quick to grow, slow to shrink. */
#ifndef SERVER_ADMISSION_H
#define SERVER_ADMISSION_H

#include "core/budget.h"

#include <pthread.h>
#include <stdint.h>

#define ADMISSION_KINDS 64

enum ticket_state {
    TICKET_NONE,    /* nothing is reserved */
    TICKET_WAITING, /* in the queue */
    TICKET_READY,   /* let in; `reserve` holds what it may need */
    TICKET_LATE,    /* its time was over */
};

/* What the owner of a ticket does; called with the admission locked. */
struct ticket_owner {
    void (*hold)(void *context);    /* it has to wait */
    void (*resume)(void *context);  /* it is TICKET_READY or TICKET_LATE */
    bool (*is_gone)(void *context); /* nobody waits for the answer any more */
    bool (*is_slow)(void *context); /* it was let in, and its client lets us wait for the body */
};

struct ticket {
    struct ticket *next, *previous; /* in the queue, or among those that were let in */
    struct reserve reserve;
    enum ticket_state state;
    unsigned slow; /* sweeps on end that found it so */
    size_t size;
    uint64_t since, waited;
    const struct ticket_owner *owner; /* NULL: it never asks */
    void *context;
};

struct tickets {
    struct ticket *first, *last;
};

struct admission {
    struct budget *budget;
    size_t limit;      /* what may be reserved; the rest is for small bodies */
    size_t most;       /* tickets in the queue */
    uint64_t patience; /* nanoseconds */

    pthread_mutex_t lock; /* over what follows */
    struct tickets queue, inside;
    atomic_size_t count; /* in the queue */
    double rate;         /* tickets that left the queue in a second, of late */
    size_t left;         /* since the last sweep */
    uint64_t swept;
    atomic_uint need[ADMISSION_KINDS]; /* memory for a byte of body, in sixteenths */
};

void admission_init(struct admission *admission, struct budget *budget, size_t most,
                    uint64_t patience);
void admission_release(struct admission *admission);

/* The memory that a body of a kind may need. */
size_t admission_size(const struct admission *admission, unsigned kind, uint64_t length);

/* A body of `length` bytes has needed `peak` bytes. */
void admission_learn(struct admission *admission, unsigned kind, uint64_t length, size_t peak);

enum admission_answer {
    ADMISSION_OPEN,   /* it is TICKET_READY */
    ADMISSION_QUEUED, /* owner->hold() was called; it waits until owner->resume() */
    ADMISSION_FULL,   /* there are enough who wait */
};

/* Ask for ticket->size bytes. */
enum admission_answer admission_enter(struct admission *admission, struct ticket *ticket,
                                      uint64_t now);

/* Give everything back, whatever its state, and let others in. */
void admission_leave(struct admission *admission, struct ticket *ticket, uint64_t now);

/* It needs no more than `size` bytes beyond what it has taken. */
void admission_trim(struct admission *admission, struct ticket *ticket, size_t size);

/* Now and then: end the waiting of those who are late or gone, and let others in.  `closing`: all
 * are late. */
void admission_sweep(struct admission *admission, uint64_t now, bool closing);

/* When it is worth while to ask again, in seconds: the queue's length over its speed. */
unsigned admission_wait(struct admission *admission);

size_t admission_queued(struct admission *admission);

#endif
