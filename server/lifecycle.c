/* lifecycle.c - start, serve, drain, stop.
 *
 * Signals are blocked in every thread.  The main thread waits for them and sweeps the connections
 * in between.  Once one has told it to end, the next ends it at once. */
#include "server/lifecycle.h"

#include "server/acceptor.h"
#include "server/clock.h"
#include "server/console.h"
#include "server/lingering_close.h"
#include "server/process.h"
#include "server/routes.h"
#include "server/server.h"
#include "server/welcome.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SWEEP_INTERVAL (200 * MILLISECOND)
#define DRAIN_INTERVAL (20 * MILLISECOND)
#define SETTLED (100 * MILLISECOND) /* drained: nothing was under way for this long */
#define END_SECONDS 3               /* for closing what is drained: more than SERVER_LOG_FLUSH */

/* File descriptors beside those of connections: three a thread, and some for the process. */
#define FILES_THREAD 3
#define FILES_REST 64

/* ---- start ---- */

static bool allow_files(const struct config *config, unsigned threads)
{
    const size_t count = (size_t)config->max_connections + CONNECTIONS_SPARE
                         + 2 * LINGERING_CLOSE_MOST + FILES_THREAD * threads + FILES_REST;
    size_t most;

    if (process_allow_files(count, &most))
        return true;
    console_error("--max-connections %llu needs %zu file descriptors, and the hard limit is %zu "
                  "(ulimit -Hn)",
                  (unsigned long long)config->max_connections, count, most);
    return false;
}

static sigset_t block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return set;
}

/* ---- serve ---- */

static void reload(struct server *server)
{
    char error[AUTH_ERROR_SIZE];

    if (auth_reload(&server->auth, error))
        log_event(server->log, LOG_INFO, "SIGHUP: read the API keys again: %zu",
                  server->auth.count);
    else
        log_event(server->log, LOG_ERROR, "SIGHUP: kept the old API keys: %s", error);
}

/* The next signal, or 0 after `interval`. */
static int wait_signal(const sigset_t *set, uint64_t interval)
{
    const struct timespec span = clock_span(interval);
    const int signal = sigtimedwait(set, NULL, &span);

    return signal > 0 ? signal : 0;
}

/* Serve until SIGTERM or SIGINT, and return it; or until `end`, and return 0. */
static int serve(struct server *server, struct http *http, const sigset_t *set, uint64_t end)
{
    for (uint64_t last = clock_now(); last < end;) {
        const int signal = wait_signal(set, SWEEP_INTERVAL);
        const uint64_t now = clock_now();

        if (signal == SIGTERM || signal == SIGINT)
            return signal;
        if (signal == SIGHUP)
            reload(server);
        connections_sweep(&server->connections, now - last);
        lingering_close_sweep(&server->parted);
        http_settle(http);
        admission_sweep(&server->admission, now, false);
        memory_sweep(&server->memory);
        last = now;
    }
    return 0;
}

/* ---- the end ---- */

static void end_at_once(int signal)
{
    (void)signal;
    _exit(1);
}

static void end_in_time(int signal)
{
    (void)signal;
    _exit(0);
}

/* From now on SIGTERM and SIGINT end the process at once, whatever the main thread does. */
static void end_on_second(void)
{
    sigset_t set;

    signal(SIGTERM, end_at_once);
    signal(SIGINT, end_at_once);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* End the process after `seconds`, whatever it waits for then; 0 cancels that. */
static void end_within(unsigned seconds)
{
    signal(SIGALRM, end_in_time);
    alarm(seconds);
}

/* Refuse requests from now on.  Whether none is under way: a request counts itself before it looks
 * at the phase, so none can slip in. */
static bool close_doors(struct server *server)
{
    atomic_store(&server->phase, PHASE_REFUSING);
    return atomic_load(&server->in_flight) == 0;
}

/* Wait until every request whose first byte came has its answer, or until the time is over. */
static bool drain(struct server *server)
{
    const uint64_t start = clock_now(), limit = server->config.drain_time;
    uint64_t quiet = start, last = start;

    for (;;) {
        const uint64_t now = clock_now();

        if (atomic_load(&server->in_flight) > 0 || connections_busy(&server->connections) > 0)
            quiet = now;
        if (now - quiet >= SETTLED && close_doors(server))
            return true;
        if (now - start >= limit)
            return false;
        if (now - start >= limit / 2)
            atomic_store(&server->phase, PHASE_REFUSING);
        connections_sweep(&server->connections, now - last);
        lingering_close_sweep(&server->parted);
        admission_sweep(&server->admission, now, atomic_load(&server->phase) == PHASE_REFUSING);
        last = now;
        clock_sleep(DRAIN_INTERVAL);
    }
}

/* --drain-delay: /readyz says 503 and all else goes on, so that balancers learn of the end before
 * they are refused. */
static void serve_on(struct server *server, struct http *http)
{
    const uint64_t delay = server->config.drain_delay;
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    log_event(server->log, LOG_INFO, "not ready any more; --drain-delay begins");
    serve(server, http, &set, clock_now() + delay);
}

/* False where requests are left when the time is over. */
static bool shut_down(struct server *server, struct acceptor *acceptor)
{
    bool drained;

    log_event(server->log, LOG_INFO, "draining: %zu requests in flight, %zu connections",
              atomic_load(&server->in_flight), atomic_load(&server->connections.count));
    atomic_store(&server->phase, PHASE_DRAINING);
    acceptor_stop(acceptor);
    drained = drain(server);
    if (drained)
        log_event(server->log, LOG_INFO, "drained");
    else
        log_event(server->log, LOG_WARNING,
                  "--drain-time is over: %zu requests in flight and %zu connections are cut",
                  atomic_load(&server->in_flight), atomic_load(&server->connections.count));
    return drained;
}

/* ---- the whole ---- */

static struct http *open_http(struct server *server)
{
    const unsigned threads = (unsigned)server->config.threads;
    char error[HTTP_ERROR_SIZE];
    struct http *http;

    if (!allow_files(&server->config, threads))
        return NULL;
    http = http_start(server, threads, error);
    if (!http)
        console_error("%s", error);
    return http;
}

static bool open_doors(struct server *server, struct acceptor *acceptor, struct http *http)
{
    char text[ADDRESS_ERROR_SIZE], name[ADDRESS_TEXT_SIZE];
    const int fd = address_listen(server->config.address, (uint16_t)server->config.port, text);

    if (fd < 0) {
        console_error("%s", text);
        return false;
    }
    address_name(fd, name);
    if (!acceptor_start(acceptor, fd, http, &server->api, server->log)) {
        console_error("cannot start the thread that accepts connections: %s", strerror(errno));
        close(fd);
        return false;
    }
    welcome_print(name, &server->config);
    log_event(server->log, LOG_INFO,
              "listening on %s with %zu threads, kernel %s, %zu bytes of memory", name,
              (size_t)server->config.threads, server->api.kernel->name, server->memory.limit);
    return true;
}

/* From the first request to the last. */
static void live(struct server *server, struct acceptor *acceptor, const sigset_t *set)
{
    const int signal = serve(server, acceptor->http, set, UINT64_MAX);

    end_on_second();
    atomic_store(&server->phase, PHASE_LEAVING);
    if (signal == SIGTERM
        && server->config.drain_delay
               > 0) /* SIGINT is from a terminal, where there is no balancer */
        serve_on(server, acceptor->http);
    if (!shut_down(server, acceptor)) { /* do not wait for threads that compute */
        log_flush(server->log, SERVER_LOG_FLUSH);
        _exit(0);
    }
    end_within(END_SECONDS);
}

int lifecycle_run(const struct config *config)
{
    struct server server;
    struct acceptor acceptor;
    struct http *http;
    const sigset_t set = block_signals();
    bool opened;

    if (!server_prepare(&server, config, routes))
        return 1;
    process_shape_memory();
    api_start();
    http = open_http(&server);
    opened = http && open_doors(&server, &acceptor, http);
    if (opened)
        live(&server, &acceptor, &set);
    if (http)
        http_stop(http);
    executor_stop(&server.executor);
    server_release(&server);
    end_within(0);
    return opened ? 0 : 1;
}
