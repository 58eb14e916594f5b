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
#include "server/log.h"
#include "server/memory.h"
#include "server/metrics.h"

/* How welcome requests are; only grows. */
enum phase {
    PHASE_SERVING,
    PHASE_LEAVING,  /* answered as ever, but not ready: --drain-delay */
    PHASE_DRAINING, /* answered, with Connection: close */
    PHASE_REFUSING, /* answered 503 */
};

struct server {
    struct api api; /* first, so that an endpoint gets from exchange->api to the server */
    struct memory memory;
    struct admission admission;
    struct config config;
    struct auth auth;
    struct metrics metrics;
    struct infer_stats infer_stats;
    struct connections connections;
    struct executor executor; /* computes long requests */
    struct log *log;
    atomic_int phase;
    atomic_size_t in_flight; /* requests whose head was read and whose answer is not done */
    atomic_size_t admitted;  /* those of them that --max-in-flight counts */
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
