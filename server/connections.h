/* connections.h - the open connections, and how long each may take.
 *
 * libmicrohttpd has one timeout, for inactivity.  A client that sends a byte a second never reaches
 * it, and a connection whose thread is busy does, though its bytes wait unread.  So that timeout is
 * off.  Each connection stands in a list, which the main thread sweeps: it shuts down the sockets
 * of those that are late, and libmicrohttpd then finds them closed. */
#ifndef SERVER_CONNECTIONS_H
#define SERVER_CONNECTIONS_H

#include "api/exchange/api.h"
#include "server/address.h"
#include "server/clients.h"
#include "server/log.h"

#include <pthread.h>

enum connection_state {
    CONNECTION_IDLE,      /* no head is in; part of one may be */
    CONNECTION_BODY,      /* a body is arriving */
    CONNECTION_WORK,      /* we compute */
    CONNECTION_REPLY,     /* the answer is being sent */
    CONNECTION_CONDEMNED, /* late; shut down */
};

/* How to stop reading from a connection, and how to go on; resume() may come from any thread.
 * `handle` is what connections_add() was given. */
struct connection_hooks {
    void (*hold)(void *handle);
    void (*resume)(void *handle);
};

struct connection {
    struct connection *next, *previous;
    const struct connection_hooks *hooks;
    void *handle;         /* for the hooks */
    pthread_mutex_t lock; /* over what follows; never held while computing */
    int fd;
    enum connection_state state;
    bool fresh;       /* no request yet */
    bool parted;      /* the answer of its last request is out, and more of the body may come */
    const char *over; /* the flag whose limit it exceeds: its first request is refused; or
                         NULL */
    struct client *client;  /* NULL: it has no address, or there was no room to count it */
    uint64_t since;         /* when the state began, moved forward by time that was our fault */
    uint64_t moved, active; /* progress in this state, and when it last changed */
    uint64_t start;         /* TCP's count of acknowledged bytes when the reply was first judged */
    uint64_t answered;      /* bytes of all requests whose answers are done */
    const struct exchange *exchange; /* the request under way */
    atomic_ullong body;              /* bytes read of the body under way */
    atomic_bool held;                /* we do not read from it now, so its client is not late */
    char address[ADDRESS_TEXT_SIZE];
};

struct connection_limits {
    uint64_t head, idle, grace;             /* nanoseconds */
    uint64_t rate;                          /* bytes a second */
    size_t connections, client_connections; /* 0: no limit of the latter */
};

struct connections {
    pthread_mutex_t lock; /* over the list */
    struct connection *first;
    atomic_size_t count;
    struct clients clients;
    struct connection_limits limits;
    const struct api *api; /* to word a 408 */
    struct log *log;
    atomic_ullong timeouts; /* heads that came too slowly: no request counts them */
};

/* Connections that are taken above --max-connections, so that each can be told that it is one too
 * many. */
#define CONNECTIONS_SPARE 64

/* False where memory is missing. */
bool connections_init(struct connections *connections, const struct api *api, struct log *log,
                      struct connection_limits limits);
void connections_release(struct connections *connections);

/* Whether one more connection from an address is within its limit. */
bool connections_allow(struct connections *connections, const struct sockaddr *address);

/* The error of a connection that is refused because of a limit; `flag` sets it.  Returns false. */
bool connections_refuse(const char *flag, struct error *err);

/* A connection is open; NULL where memory is missing. */
struct connection *connections_add(struct connections *connections, int fd,
                                   const struct sockaddr *address,
                                   const struct connection_hooks *hooks, void *handle);

/* It is about to be closed: nobody uses its descriptor after this. */
void connections_remove(struct connections *connections, struct connection *connection);

/* Its request goes on to `state`.  False where the sweep was faster: drop the connection. */
bool connection_enter(struct connection *connection, enum connection_state state,
                      const struct exchange *exchange);

/* A request that took `size` bytes is over; back to CONNECTION_IDLE.  True if it was condemned. */
bool connection_done(struct connection *connection, uint64_t size);

/* Stop reading from it, and go on. */
void connection_hold(struct connection *connection);
void connection_resume(struct connection *connection);

/* Shut down what is late.  `interval` is the time since the last sweep. */
void connections_sweep(struct connections *connections, uint64_t interval);

/* Connections with a request under way, or with bytes of one that has no answer yet. */
size_t connections_busy(struct connections *connections);

#endif
