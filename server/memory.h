/* memory.h - what --max-memory covers: requests, and connections.
 *
 * A part is set aside for connections, so that requests cannot keep clients out; connections beyond
 * it are charged to what requests may hold.  Routes that help an operator have memory of their own
 * beside all that: they answer when everything else is spent. */
#ifndef SERVER_MEMORY_H
#define SERVER_MEMORY_H

#include "core/budget.h"

#include <pthread.h>
#include <stdint.h>

/* What a connection costs: libmicrohttpd's memory of it, our own notes, a call and its reply. */
#define MEMORY_CONNECTION ((size_t)108 << 10)
#define MEMORY_OPERATORS ((size_t)2 << 20)

struct memory {
    struct budget requests, operators;
    pthread_mutex_t lock; /* over what follows */
    size_t connections;   /* open */
    size_t reserved;      /* as many as there is memory set aside for */
    size_t charged;       /* of those beyond, as far as they are charged to the requests */
    size_t limit;
    size_t peak; /* of requests.used, since malloc last gave something back */
    unsigned calm;
};

/* The limit where none is set: 1 GiB, or half of what the process may use where that is less. */
uint64_t memory_default(uint64_t allowed);

void memory_init(struct memory *memory, size_t limit, size_t most_connections);

/* Everybody has given back what he had. */
void memory_release(struct memory *memory);

/* Whether there is memory for one more connection. */
bool memory_has_room(struct memory *memory);

/* A connection begins, and ends. */
void memory_connect(struct memory *memory);
void memory_disconnect(struct memory *memory);

/* Bytes held by connections and requests now, and kept for the next ones. */
size_t memory_used(struct memory *memory);

/* Every SWEEP_INTERVAL: what has not been needed for a while goes back to the system. */
void memory_sweep(struct memory *memory);

#endif
