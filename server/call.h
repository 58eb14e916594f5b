/* call.h - one request from its first byte to its line in the log, without libmicrohttpd.
 *
 * http.c makes a call when the target of a request was read and drives it:
 *
 *     call_open    once, when the head is in; false: it is refused (call->x.error says why), or
 *                  waits for memory: call_begin() once it is resumed, likewise
 *     call_feed    for each piece of the body; false: answer with call_break() and drop it
 *     call_finish  when the body is in or the call is refused; true: the reply is ready; false: it
 *                  is being computed, and this is called again when the connection is resumed
 *     call_free    when the answer is out or the connection lost: log, metrics, memory
 *
 * A short request is computed where it is read, on the event loop.  A long one (exchange->is_long)
 * goes through a relay to a thread of the executor, so that other connections need not wait. */
#ifndef SERVER_CALL_H
#define SERVER_CALL_H

#include "server/head.h"
#include "server/relay.h"
#include "server/router.h"
#include "server/server.h"

/* How http.c stops reading of a connection and goes on; resume() may come from any thread. */
struct call_hooks {
    void (*hold)(void *connection);
    void (*resume)(void *connection);
};

struct call {
    struct server *server;
    struct peer *peer; /* NULL: the connection is closed */
    const struct call_hooks *hooks;
    void *connection; /* for the hooks */
    struct ticket ticket;
    struct relay relay;
    atomic_bool stop; /* the client is gone, so nothing more need be computed */
    bool relayed;     /* the relay is in use, and the exchange is computed on its thread */
    uint64_t start;
    char *target;         /* as sent; owned; cut to its path by call_open() */
    size_t target_length; /* as sent */
    const char *path;     /* NULL: the target is not one */
    struct framing framing;
    uint64_t head_size, received;
    uint64_t kept;    /* bytes of the body before an error; the rest is swallowed */
    bool opened;      /* call_open() was called */
    bool waiting;     /* for memory; the connection is held */
    bool refused;     /* x.error is the answer; the body is swallowed */
    bool answered;    /* the reply is ready */
    bool admitted;    /* counted by --max-in-flight */
    bool awaited;     /* counted by --max-bodies-per-client */
    bool close;       /* the connection ends with this answer */
    bool lost;        /* the answer did not get out */
    bool asked;       /* http.c was asked for a reply before */
    bool late;        /* the sweep has ended it */
    unsigned sent;    /* the status that was sent if the reply is not ours; 0: none */
    uint64_t fed;     /* bytes of the body that the exchange was given */
    uint64_t context; /* of those, when the memory that the rest needs was judged last */
    unsigned retry;   /* seconds of Retry-After; 0: 1 */
    char method[24];  /* for the log and the metrics: cut */
    char version[4];  /* "1.1" */
    char request_id[129];
    char trace_id[33];
    char agent[257];
    char client[ADDRESS_TEXT_SIZE];
    char allow[ALLOW_SIZE];
    struct exchange x; /* last: its end is not cleared */
};

/* NULL where memory is missing.  `target` is copied. */
struct call *call_new(struct server *server, struct peer *peer, const char *target,
                      const struct call_hooks *hooks, void *connection);

bool call_open(struct call *call, const struct head *head);
bool call_begin(struct call *call);
bool call_feed(struct call *call, const char *chunk, size_t length);
bool call_finish(struct call *call);

/* Whether its reply is computed elsewhere, so that the connection may be held. */
bool call_is_long(const struct call *call);

/* The body goes on past what we are ready to throw away: say so past libmicrohttpd. */
void call_break(struct call *call);

/* The header fields of the reply that are not made by libmicrohttpd. */
typedef void call_field_f(void *context, const char *name, const char *value);
void call_fields(const struct call *call, call_field_f *add, void *context);

/* `status` is what was sent if it was not our own reply (0: nothing). */
void call_free(struct call *call, unsigned status);

#endif
