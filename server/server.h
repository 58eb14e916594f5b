/* server.h - what all requests share: settings, memory, connections, metrics, log. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "api/exchange/api.h"
#include "api/routes/infer/infer_stats.h"
#include "server/admission.h"
#include "server/auth.h"
#include "server/clock.h"
#include "server/config.h"
#include "server/connections.h"
#include "server/executor.h"
#include "server/lingering_close.h"
#include "server/log.h"
#include "server/memory.h"
#include "server/metrics.h"

/* How far the process is on its way to its end; only grows. */
enum phase {
    PHASE_SERVING,
    PHASE_LEAVING,  /* requests are answered, but /readyz says 503: --drain-delay */
    PHASE_DRAINING, /* requests are answered with Connection: close */
    PHASE_REFUSING, /* requests are answered 503 */
};

struct server {
    struct api api; /* first: server_of() gets from exchange->api to the server */
    struct memory memory;
    struct admission admission;
    struct config config;
    struct auth auth;
    struct metrics metrics;
    struct infer_stats infer_stats;
    struct connections connections;
    struct executor executor;      /* computes long requests */
    struct lingering_close parted; /* connections that were answered before their body was in */
    struct log *log;
    atomic_int phase;
    atomic_size_t in_flight; /* requests from their head to the end of their answer */
    atomic_size_t admitted;  /* of those, the ones that --max-in-flight counts */
};

static inline struct server *server_of(const struct exchange *x)
{
    return (struct server *)(uintptr_t)x->api;
}

/* Make all of it, before there is a second thread that uses it.  `routes` is the table to serve.
 * False, with the reason on stderr, where that cannot be. */
bool server_prepare(struct server *server, const struct config *config, const struct route *routes);

/* At the end the log has this long to be written out. */
#define SERVER_LOG_FLUSH SECOND
void server_release(struct server *server);

#endif
