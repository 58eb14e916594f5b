/* http.c - libmicrohttpd's daemons and their connections. */
#include "server/http.h"

#include "server/clock.h"
#include "server/console.h"
#include "server/daemon_load.h"
#include "server/http_request.h"
#include "server/recv_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_SIZE 256

struct worker {
    struct http *http;
    struct MHD_Daemon *daemon;
    struct daemon_load load;
};

struct http {
    struct http_shared shared;
    size_t next; /* the worker to look at first, so that equal loads take turns */
    size_t count;
    struct worker worker[];
};

/* ---- connections ---- */

static void hold(void *mhd)
{
    MHD_suspend_connection(mhd);
}

static void resume(void *mhd)
{
    MHD_resume_connection(mhd);
}

static const struct connection_hooks hooks = {.hold = hold, .resume = resume};

static void open_connection(struct worker *worker, struct MHD_Connection *mhd, void **state)
{
    struct server *server = worker->http->shared.server;
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int number = fd ? fd->connect_fd : -1;
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    *state = connections_add(&server->connections, number, address ? address->client_addr : NULL,
                             &hooks, mhd);
}

/* The client may still send: a duplicate keeps the socket open for a moment. */
static void part(struct server *server, const struct connection *connection)
{
    const int fd = connection->parted ? fcntl(connection->fd, F_DUPFD_CLOEXEC, 0) : -1;

    if (fd >= 0)
        lingering_close_keep(&server->parted, fd);
}

/* The library closes the descriptor after this, so nobody else may use it any more. */
static void on_connection(void *context, struct MHD_Connection *mhd, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct worker *worker = context;
    struct server *server = worker->http->shared.server;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        daemon_load_begin(&worker->load);
        memory_connect(&server->memory);
        open_connection(worker, mhd, state);
        return;
    }
    if (*state) {
        part(server, *state);
        connections_remove(&server->connections, *state);
    }
    daemon_load_end(&worker->load);
    memory_disconnect(&server->memory);
}

/* While this thread starts a daemon: the first message of the library; otherwise NULL. */
static _Thread_local char *said;

__attribute__((format(printf, 2, 0))) static void on_message(void *context, const char *format,
                                                             va_list arguments)
{
    const struct worker *worker = context;
    char text[MESSAGE_SIZE];
    int length = vsnprintf(text, sizeof text, format, arguments);

    if (length < 0)
        return;
    text[strcspn(text, "\n")] = '\0';
    if (said && !*said)
        memcpy(said, text, sizeof text);
    log_seldom(worker->http->shared.server->log, LOG_DEBUG, "libmicrohttpd: %s", text);
}

static struct worker *least_loaded(struct http *http)
{
    struct worker *best = &http->worker[http->next % http->count];

    for (size_t i = 1; i < http->count; i++) {
        struct worker *worker = &http->worker[(http->next + i) % http->count];

        if (daemon_load_count(&worker->load) < daemon_load_count(&best->load))
            best = worker;
    }
    http->next = (size_t)(best - http->worker) + 1;
    return best;
}

bool http_allow(struct http *http, const struct sockaddr *address, struct error *err)
{
    size_t load = 0;

    for (size_t i = 0; i < http->count; i++)
        load += daemon_load_count(&http->worker[i].load);
    if (load >= http->shared.server->config.max_connections + CONNECTIONS_SPARE)
        return connections_refuse("--max-connections", err);
    if (!memory_has_room(&http->shared.server->memory))
        return error_set(err, ERR_NO_MEMORY, "",
                         "--max-memory leaves no room for one more connection now");
    return connections_allow(&http->shared.server->connections, address)
           || connections_refuse("--max-connections-per-client", err);
}

void http_add(struct http *http, int fd, const struct sockaddr *address, socklen_t length)
{
    struct worker *worker = least_loaded(http);

    daemon_load_give(&worker->load);
    if (MHD_add_connection(worker->daemon, fd, address, length) != MHD_YES)
        daemon_load_take_back(&worker->load);
}

void http_settle(struct http *http)
{
    for (size_t i = 0; i < http->count; i++)
        daemon_load_settle(&http->worker[i].load);
}

/* ---- daemons ---- */

static struct MHD_Daemon *start_daemon(struct worker *worker, unsigned most)
{
    const struct MHD_OptionItem options[] = {
        /* The logger comes first: it is used while the rest is read. */
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_message, worker},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)http_on_target, &worker->http->shared},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_on_completed, &worker->http->shared},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, worker},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)HTTP_POOL, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)most, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL}, /* connections.h says why */
        {MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
#if MHD_VERSION >= 0x00097601
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#else
        {MHD_OPTION_STRICT_FOR_CLIENT, -1, NULL},
#endif
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC
                                | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME
                                | MHD_USE_ERROR_LOG,
                            0, NULL, NULL, http_on_request, &worker->http->shared, MHD_OPTION_ARRAY,
                            options, MHD_OPTION_END);
}

/* The error has the library's message, or errno where it gave none. */
static bool start_worker(struct http *http, unsigned threads, char error[HTTP_ERROR_SIZE])
{
    struct worker *worker = &http->worker[http->count];
    char message[MESSAGE_SIZE] = "";

    worker->http = http;
    errno = 0;
    said = message;
    worker->daemon = start_daemon(worker, (unsigned)http->shared.server->config.max_connections
                                              + CONNECTIONS_SPARE);
    said = NULL;
    if (worker->daemon)
        return true;
    snprintf(error, HTTP_ERROR_SIZE, "cannot start thread %zu of %u (--threads): %s",
             http->count + 1, threads, *message ? message : strerror(errno));
    return false;
}

/* libmicrohttpd cannot go on after this, so the process ends; first the log is written out. */
static void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
    struct http *http = context;
    char why[MESSAGE_SIZE];

    snprintf(why, sizeof why, "%s", reason ? reason : "it does not say why");
    why[strcspn(why, "\n")] = '\0';
    console_error("libmicrohttpd cannot go on: %s", why);
    log_event(http->shared.server->log, LOG_ERROR, "libmicrohttpd cannot go on: %s (%s:%u)", why,
              file ? file : "", line);
    log_flush(http->shared.server->log, SECOND);
    _exit(1);
}

struct http *http_start(struct server *server, unsigned threads, char error[HTTP_ERROR_SIZE])
{
    struct http *http = calloc(1, sizeof *http + threads * sizeof *http->worker);

    snprintf(error, HTTP_ERROR_SIZE, "cannot start: there is no memory for connections");
    if (!http)
        return NULL;
    MHD_set_panic_func(on_panic, http);
    if (http_shared_init(&http->shared, server) && recv_filter_init()) {
        while (http->count < threads && start_worker(http, threads, error))
            http->count++;
        if (http->count == threads)
            return http;
    }
    http_stop(http);
    return NULL;
}

void http_stop(struct http *http)
{
    for (size_t i = 0; i < http->count; i++)
        MHD_stop_daemon(http->worker[i].daemon);
    http_shared_release(&http->shared);
    recv_filter_release();
    free(http);
}
