/* clients.h - connections and bodies by client address, so that one address cannot take all.
 *
 * A hash table, made once for as many clients as there can be connections.  The hash has a secret
 * of the process, so that nobody can choose addresses that collide. */
#ifndef SERVER_CLIENTS_H
#define SERVER_CLIENTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IPv4 address, or the first half of an IPv6 address: one client owns all of the second. */
struct client_key {
    uint64_t high, low;
};

struct client {
    struct client *next; /* in the same bucket, or in the list of unused ones */
    struct client_key key;
    size_t connections;
    atomic_size_t bodies; /* requests whose bodies have not come yet */
};

struct clients {
    pthread_mutex_t lock; /* over all of this, but not over the bodies */
    uint64_t secret[2];
    struct client *pool, *unused, **place;
    size_t made, most, mask;
};

/* False where memory is missing. */
bool clients_init(struct clients *clients, size_t most);
void clients_release(struct clients *clients);

/* A connection from `address` is open.  NULL for a Unix socket, whose clients have no address. */
struct client *clients_enter(struct clients *clients, const struct sockaddr *address);
void clients_leave(struct clients *clients, struct client *client);

/* The connections that are open from an address. */
size_t clients_count(struct clients *clients, const struct sockaddr *address);

#endif
