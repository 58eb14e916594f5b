/* admission.h - reservations of memory for bodies, and the queue of those that wait for one.
 *
 * A request takes memory as its body arrives.  If all were let in at once, many would grow together
 * until all of them fail.  So the memory that a body will need is reserved when its head is in,
 * before any of the body is read.  Where there is not enough, the request waits in a queue, first
 * come, first served, for a limited time.
 *
 * Where a client does not send its body, the reservation is taken back, and the request goes on
 * without one.
 *
 * What a body needs is learned for each kind (a route): bytes of memory for a byte of body, as the
 * last bodies of the kind needed.  The estimate grows at once and shrinks slowly. */
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
    TICKET_LATE,    /* it waited too long */
};

/* Callbacks of the owner of a ticket; called with the admission locked. */
struct ticket_owner {
    void (*hold)(void *context);    /* it has to wait */
    void (*resume)(void *context);  /* it is TICKET_READY or TICKET_LATE */
    bool (*is_gone)(void *context); /* its client is gone */
    bool (*is_slow)(void *context); /* it was let in, and its body does not come */
};

struct ticket {
    struct ticket *next, *previous; /* in the queue, or among those that were let in */
    struct reserve reserve;
    enum ticket_state state;
    unsigned slow; /* sweeps in a row that found it slow */
    size_t size;
    uint64_t since, waited;
    const struct ticket_owner *owner; /* NULL: the ticket was never used */
    void *context;
};

struct tickets {
    struct ticket *first, *last;
};

struct admission {
    struct budget *budget;
    size_t limit;      /* what may be reserved; the rest is for small bodies */
    size_t most;       /* tickets that the queue may hold */
    uint64_t patience; /* nanoseconds that a ticket may wait */

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
    ADMISSION_FULL,   /* the queue is full */
};

/* Ask for ticket->size bytes. */
enum admission_answer admission_enter(struct admission *admission, struct ticket *ticket,
                                      uint64_t now);

/* Give everything back, whatever its state, and let others in. */
void admission_leave(struct admission *admission, struct ticket *ticket, uint64_t now);

/* The body needs no more than `size` bytes beyond what it has taken: give back the rest. */
void admission_trim(struct admission *admission, struct ticket *ticket, size_t size);

/* Call this now and then: it ends the wait of tickets that are late or gone, and lets others in.
 * `closing`: all are late. */
void admission_sweep(struct admission *admission, uint64_t now, bool closing);

/* After how many seconds a client should ask again: the queue's length over its speed. */
unsigned admission_wait(struct admission *admission);

size_t admission_queued(struct admission *admission);

#endif
