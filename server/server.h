/* server.h - everything that the process has, in one place that is passed by pointer. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "api/exchange/api.h"
#include "api/routes/infer/infer_stats.h"
#include "server/admission.h"
#include "server/auth.h"
#include "server/config.h"
#include "server/executor.h"
#include "server/log.h"
#include "server/memory.h"
#include "server/metrics.h"
#include "server/peers.h"

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
    struct peers peers;
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

/* Everything that threads will share, before there is one: all of it, or false with the reason on
 * stderr.  Until server_release(). */
bool server_prepare(struct server *server, const struct config *config);
void server_release(struct server *server);

/* Serve until SIGTERM or SIGINT, then drain; returns the exit status. */
int server_run(const struct config *config);

#endif
