/* call.h - one request from its first byte to its line in the log, without libmicrohttpd.
 *
 * http_request.c makes a call when the target of a request was read, and drives it:
 *
 *     call_new     when the target is in
 *     call_open    once, when the head is in (call_open.h); false: the call is refused
 *                  (call->x.error says why), or waits for memory: then call_begin() follows when
 *                  the connection is resumed
 *     call_feed    for each chunk of the body; false: answer with call_break() and drop the
 *                  connection
 *     call_finish  when the body is in or the call is refused; true: the reply is ready; false: it
 *                  is being computed, and this is called again when the connection is resumed
 *     call_free    when the answer is out or the connection is lost: log, metrics, memory
 *
 * A short request is computed where it is read, on the event loop.  A long one (exchange->is_long)
 * goes through a relay to a thread of the executor, so that other connections need not wait. */
#ifndef SERVER_CALL_H
#define SERVER_CALL_H

#include "server/body_admission.h"
#include "server/head.h"
#include "server/relay.h"
#include "server/router.h"
#include "server/server.h"

struct call {
    struct server *server;
    struct connection *connection; /* NULL: it is closed */
    struct body_admission admission;
    struct relay relay;
    atomic_bool stop; /* the client is gone, so nothing more need be computed */
    bool relayed;     /* the relay is in use, and the exchange is computed on its thread */
    uint64_t start;
    char *target;         /* as sent; owned; cut to its path by call_open() */
    size_t target_length; /* as sent */
    const char *path;     /* NULL: the target is not one */
    const char *query;    /* NULL: none; it is never logged */
    struct framing framing;
    uint64_t head_size, received;
    uint64_t kept;   /* bytes of the body before an error; the rest is swallowed */
    uint64_t fed;    /* bytes of the body that the exchange was given */
    bool opened;     /* call_open() was called */
    bool waiting;    /* for memory; the connection is held */
    bool refused;    /* x.error is the answer; the body is swallowed */
    bool whole;      /* the body is in */
    bool answered;   /* the reply is ready */
    bool admitted;   /* counted by --max-in-flight */
    bool awaited;    /* counted by --max-bodies-per-client */
    bool close;      /* the connection ends with this answer */
    bool lost;       /* the answer did not get out */
    bool asked;      /* libmicrohttpd has asked for a reply before */
    bool late;       /* the sweep has ended it */
    unsigned sent;   /* the status that was sent if the reply is not ours; 0: none */
    unsigned retry;  /* seconds of Retry-After; 0: 1 */
    char method[24]; /* for the log and the metrics: cut */
    char version[4]; /* "1.1" */
    char request_id[129];
    char trace_id[33];
    char agent[257];
    char client[ADDRESS_TEXT_SIZE];
    char allow[ALLOW_SIZE];
    struct exchange x; /* last: its end is not cleared */
};

/* NULL where memory is missing.  `target` is copied. */
struct call *call_new(struct server *server, struct connection *connection, const char *target);

bool call_feed(struct call *call, const char *chunk, size_t length);
bool call_finish(struct call *call);

/* Whether its reply is computed on another thread, so that the connection may be held. */
bool call_is_long(const struct call *call);

/* The body goes on past what we are ready to throw away: answer past libmicrohttpd. */
void call_break(struct call *call);

/* `status` is what was sent if it was not our own reply (0: nothing). */
void call_free(struct call *call, unsigned status);

/* For call_open.c: whether the method is OPTIONS, which reaches no endpoint; and the error of a
 * body that is longer than --max-body, which returns false. */
bool call_is_options(const struct call *call);
bool call_fail_size(struct call *call);

#endif
