/* peers.h - the open connections, and how long each may take.
 *
 * libmicrohttpd knows only a timeout of inactivity (a byte a second keeps a connection for ever),
 * and it applies that to connections whose bytes wait unread because their thread is busy.  So it
 * is switched off, and every connection stands in this register, which the main thread sweeps:
 * what is late is shut down, and libmicrohttpd then finds it closed. */
#ifndef SERVER_PEERS_H
#define SERVER_PEERS_H

#include "api/exchange/api.h"
#include "server/address.h"
#include "server/clients.h"
#include "server/log.h"

#include <pthread.h>

enum peer_state {
    PEER_IDLE,      /* nothing, or part of a head, was read */
    PEER_BODY,      /* a body is arriving */
    PEER_WORK,      /* we compute */
    PEER_REPLY,     /* the answer is being sent */
    PEER_CONDEMNED, /* late; shut down */
};

struct peer {
    struct peer *next, *previous;
    pthread_mutex_t lock; /* over what follows; never held while computing */
    int fd;
    enum peer_state state;
    bool fresh;             /* no request yet */
    const char *over;       /* the flag that allows no such connection: its first request is
                               refused; or NULL */
    struct client *client;  /* NULL: on no address, or one too many to be counted */
    uint64_t since;         /* when the state began, put forward by time that was our fault */
    uint64_t moved, active; /* progress in this state, and when it last changed */
    uint64_t start;         /* TCP's count of acknowledged bytes when the reply was first judged */
    uint64_t answered;      /* bytes of all requests whose answers are done */
    const struct exchange *exchange; /* the request under way */
    atomic_ullong body;              /* bytes read of the body under way */
    atomic_bool held;                /* we do not read on: the time lies with us */
    char address[ADDRESS_TEXT_SIZE];
};

struct peer_limits {
    uint64_t head, idle, grace;             /* nanoseconds */
    uint64_t rate;                          /* bytes a second */
    size_t connections, client_connections; /* 0: no limit of the latter */
};

struct peers {
    pthread_mutex_t lock; /* over the list */
    struct peer *first;
    atomic_size_t count;
    struct clients clients;
    struct peer_limits limits;
    const struct api *api; /* to word a 408 */
    struct log *log;
    atomic_ullong timeouts; /* heads that came too slowly: no request to count them by */
};

/* False where memory is missing.  `most` connections can there be. */
bool peers_init(struct peers *peers, const struct api *api, struct log *log,
                struct peer_limits limits, size_t most);
void peers_release(struct peers *peers);

/* Whether one more connection from an address is within its limit. */
bool peers_allow(struct peers *peers, const struct sockaddr *address);

/* A connection is open; NULL where memory is missing. */
struct peer *peers_add(struct peers *peers, int fd, const struct sockaddr *address);

/* Why a connection is refused: the flag that allows no more. */
bool peers_refuse(const char *flag, struct error *err);

/* It is about to be closed: nobody uses its descriptor after this. */
void peers_remove(struct peers *peers, struct peer *peer);

/* Its request goes on to `state`.  False where the sweep was faster: drop the connection. */
bool peer_enter(struct peer *peer, enum peer_state state, const struct exchange *exchange);

/* A request that took `size` bytes is over; back to PEER_IDLE.  True if it was condemned. */
bool peer_done(struct peer *peer, uint64_t size);

/* Shut down what is late.  `interval` is the time since the last sweep. */
void peers_sweep(struct peers *peers, uint64_t interval);

/* Connections with a request under way, or with bytes of one that has no answer yet. */
size_t peers_busy(struct peers *peers);

#endif
