/* memory.h - how --max-memory is shared between requests and connections.
 *
 * A part is reserved for connections, so that requests cannot keep clients out.  Further
 * connections are charged to the budget of requests.  Routes for operators have a budget of their
 * own beside all that: they answer when everything else is spent. */
#ifndef SERVER_MEMORY_H
#define SERVER_MEMORY_H

#include "core/budget.h"

#include <pthread.h>
#include <stdint.h>

/* What a connection costs: libmicrohttpd's memory for it, our structs, a call and its reply. */
#define MEMORY_CONNECTION ((size_t)108 << 10)
#define MEMORY_OPERATORS ((size_t)2 << 20)

struct memory {
    struct budget requests, operators;
    pthread_mutex_t lock; /* over what follows */
    size_t connections;   /* open */
    size_t reserved;      /* connections that the reserved part is for */
    size_t charged;       /* further connections that are charged to `requests` */
    size_t limit;
    size_t peak; /* of requests.used, since memory was last given back to the system */
    unsigned calm;
};

/* The limit where none is set: 1 GiB, or half of what the process may use where that is less. */
uint64_t memory_default(uint64_t allowed);

void memory_init(struct memory *memory, size_t limit, size_t most_connections);

/* Everything must have been given back. */
void memory_release(struct memory *memory);

/* Whether there is memory for one more connection. */
bool memory_has_room(struct memory *memory);

/* A connection begins, and ends. */
void memory_connect(struct memory *memory);
void memory_disconnect(struct memory *memory);

/* Bytes held by connections and requests now, and kept for the next ones. */
size_t memory_used(struct memory *memory);

/* Call this every SWEEP_INTERVAL: it gives the system back what was not needed for a while. */
void memory_sweep(struct memory *memory);

#endif
