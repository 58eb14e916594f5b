/* connections.c - the list of connections and its sweep. */
#include "server/connections.h"

#include "server/clock.h"
#include "server/raw_reply.h"
#include "server/recv_filter.h"
#include "server/socket_stats.h"

#include <stdlib.h>
#include <sys/socket.h>

bool connections_init(struct connections *connections, const struct api *api, struct log *log,
                      struct connection_limits limits)
{
    *connections = (struct connections){.api = api, .log = log, .limits = limits};
    pthread_mutex_init(&connections->lock, NULL);
    return clients_init(&connections->clients, limits.connections + CONNECTIONS_SPARE);
}

void connections_release(struct connections *connections)
{
    clients_release(&connections->clients);
    pthread_mutex_destroy(&connections->lock);
}

/* ---- coming and going ---- */

bool connections_allow(struct connections *connections, const struct sockaddr *address)
{
    const size_t most = connections->limits.client_connections;

    return most == 0 || clients_count(&connections->clients, address) < most;
}

bool connections_refuse(const char *flag, struct error *err)
{
    return error_set(err, ERR_TOO_MANY, "", "there are too many connections; %s allows no more",
                     flag);
}

/* Connections are counted when they begin.  So of many that come at once, some are let in before
 * they are found to be too many. */
static const char *judge(struct connections *connections, const struct sockaddr *address,
                         size_t others)
{
    const size_t most = connections->limits.client_connections;

    if (others >= connections->limits.connections)
        return "--max-connections";
    return most > 0 && clients_count(&connections->clients, address) > most
               ? "--max-connections-per-client"
               : NULL;
}

struct connection *connections_add(struct connections *connections, int fd,
                                   const struct sockaddr *address,
                                   const struct connection_hooks *hooks, void *handle)
{
    struct connection *connection = calloc(1, sizeof *connection);

    if (!connection || !recv_filter_open(fd)) {
        free(connection);
        return NULL;
    }
    pthread_mutex_init(&connection->lock, NULL);
    connection->hooks = hooks;
    connection->handle = handle;
    connection->fd = fd;
    connection->fresh = true;
    connection->since = connection->active = clock_now();
    connection->client = clients_enter(&connections->clients, address);
    connection->over = judge(connections, address, atomic_fetch_add(&connections->count, 1));
    address_client(address, connection->address);
    pthread_mutex_lock(&connections->lock);
    connection->next = connections->first;
    if (connection->next)
        connection->next->previous = connection;
    connections->first = connection;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
    pthread_mutex_lock(&connections->lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    pthread_mutex_unlock(&connections->lock);
    atomic_fetch_sub(&connections->count, 1);
    clients_leave(&connections->clients, connection->client);
    recv_filter_close(connection->fd);
    pthread_mutex_destroy(&connection->lock);
    free(connection);
}

/* ---- states ---- */

#define UNMEASURED UINT64_MAX

static void enter(struct connection *connection, enum connection_state state)
{
    connection->state = state;
    connection->since = connection->active = clock_now();
    connection->moved = 0;
    if (state == CONNECTION_REPLY)
        connection->start = UNMEASURED;
}

bool connection_enter(struct connection *connection, enum connection_state state,
                      const struct exchange *exchange)
{
    bool in_time;

    pthread_mutex_lock(&connection->lock);
    in_time = connection->state != CONNECTION_CONDEMNED;
    if (in_time) {
        if (state == CONNECTION_BODY)
            atomic_store(&connection->body, 0);
        connection->fresh = false;
        connection->exchange = exchange;
        enter(connection, state);
    }
    pthread_mutex_unlock(&connection->lock);
    return in_time;
}

bool connection_done(struct connection *connection, uint64_t size)
{
    bool condemned;

    pthread_mutex_lock(&connection->lock);
    condemned = connection->state == CONNECTION_CONDEMNED;
    connection->exchange = NULL;
    connection->answered += size;
    if (!condemned)
        enter(connection, CONNECTION_IDLE);
    pthread_mutex_unlock(&connection->lock);
    return condemned;
}

void connection_hold(struct connection *connection)
{
    atomic_store(&connection->held, true);
    connection->hooks->hold(connection->handle);
}

void connection_resume(struct connection *connection)
{
    atomic_store(&connection->held, false);
    connection->hooks->resume(connection->handle);
}

/* ---- judging ---- */

/* The delay is ours, because the thread of this connection is busy with another: move `since`. */
static void excuse(struct connection *connection, uint64_t now, uint64_t interval)
{
    connection->since = connection->since + interval < now ? connection->since + interval : now;
    connection->active = now;
}

/* Whether `moved` bytes are too few for the time since the state began, or have not grown for too
 * long. */
static bool is_slow(struct connection *connection, const struct connection_limits *limits,
                    uint64_t moved, uint64_t now)
{
    const double seconds = clock_seconds(now - connection->since);

    if (moved != connection->moved)
        connection->active = now;
    connection->moved = moved;
    return now - connection->active > limits->idle
           || seconds > clock_seconds(limits->grace) + (double)moved / (double)limits->rate;
}

/* The time for a first head begins with the connection.  That for a later one begins when the idle
 * timeout is over, because only the system knows when its first byte came. */
static bool is_head_late(const struct connection *connection,
                         const struct connection_limits *limits, uint64_t now)
{
    const uint64_t elapsed = now - connection->since;

    if (connection->fresh)
        return elapsed > limits->head;
    return elapsed > limits->idle
           && (socket_received(connection->fd) <= connection->answered
               || elapsed > limits->idle + limits->head);
}

#define GONE_AFTER 100000000 /* nanoseconds */

/* The client has closed its side, and everything it sent was answered.  libmicrohttpd 0.9.75 misses
 * an end that comes together with the request, and would keep the connection. */
static bool is_gone(const struct connection *connection, uint64_t now)
{
    return connection->state == CONNECTION_IDLE && now > connection->since + GONE_AFTER
           && socket_unread(connection->fd) == 0 && socket_ended(connection->fd);
}

/* The client has closed its side in the middle of a body, and all that came was read.  The library
 * can miss that end, too, so the reading side is shut to tell it.  The writing side stays open: if
 * the body is whole and its last chunk is being scored, the answer can still be sent. */
static void nudge_if_cut(const struct connection *connection, uint64_t now)
{
    if (connection->state == CONNECTION_BODY && now > connection->since + GONE_AFTER
        && socket_unread(connection->fd) == 0 && socket_ended(connection->fd))
        shutdown(connection->fd, SHUT_RD);
}

static bool is_late(struct connection *connection, const struct connection_limits *limits,
                    uint64_t now, uint64_t interval)
{
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_BODY:
        if (socket_unread(connection->fd) > 0 || atomic_load(&connection->held)) {
            excuse(connection, now, interval);
            return false;
        }
        return connection->state == CONNECTION_IDLE
                   ? is_head_late(connection, limits, now)
                   : is_slow(connection, limits, atomic_load(&connection->body), now);
    case CONNECTION_REPLY:
        if (socket_unsent(connection->fd) == 0) {
            excuse(connection, now, interval);
            return false;
        }
        if (connection->start == UNMEASURED) /* most replies are gone before anybody looks */
            connection->start = socket_acknowledged(connection->fd);
        return is_slow(connection, limits, socket_progress(connection->fd, connection->start), now);
    case CONNECTION_WORK:
    case CONNECTION_CONDEMNED:
        break;
    }
    return false;
}

/* Answer 408 to a body that came too slowly: nothing else writes to its socket now. */
static void tell(const struct connections *connections, const struct connection *connection)
{
    struct exchange x = {0};

    exchange_init(&x, connections->api);
    x.request.id = connection->exchange->request.id;
    x.request.style = connection->exchange->request.style;
    error_set(&x.error, ERR_TIMEOUT, "",
              "the body came too slowly; --min-body-rate, --body-grace and --idle-timeout say how "
              "fast it has to be");
    exchange_fail(&x);
    raw_reply_send(connection->fd, &x);
    exchange_release(&x);
}

static void dismiss(struct connection *connection)
{
    connection->state = CONNECTION_CONDEMNED;
    shutdown(connection->fd, SHUT_RDWR);
}

static void condemn(struct connections *connections, struct connection *connection)
{
    if (connection->state == CONNECTION_BODY)
        tell(connections, connection);
    if (connection->state == CONNECTION_IDLE
        && (connection->fresh || socket_received(connection->fd) > connection->answered)) {
        atomic_fetch_add(&connections->timeouts, 1);
        log_seldom(connections->log, LOG_INFO,
                   "closed a connection from %s whose request did not come within --head-timeout",
                   connection->address);
    }
    dismiss(connection);
}

void connections_sweep(struct connections *connections, uint64_t interval)
{
    const uint64_t now = clock_now();

    pthread_mutex_lock(&connections->lock);
    for (struct connection *connection = connections->first; connection;
         connection = connection->next) {
        pthread_mutex_lock(&connection->lock);
        nudge_if_cut(connection, now);
        if (is_gone(connection, now))
            dismiss(connection);
        else if (connection->since <= now
                 && is_late(connection, &connections->limits, now, interval))
            condemn(connections, connection);
        pthread_mutex_unlock(&connection->lock);
    }
    pthread_mutex_unlock(&connections->lock);
}

static bool is_busy(const struct connection *connection)
{
    if (connection->state == CONNECTION_CONDEMNED)
        return false;
    return connection->state != CONNECTION_IDLE || socket_unread(connection->fd) > 0
           || socket_received(connection->fd) > connection->answered;
}

size_t connections_busy(struct connections *connections)
{
    size_t count = 0;

    pthread_mutex_lock(&connections->lock);
    for (struct connection *connection = connections->first; connection;
         connection = connection->next) {
        pthread_mutex_lock(&connection->lock);
        count += is_busy(connection);
        pthread_mutex_unlock(&connection->lock);
    }
    pthread_mutex_unlock(&connections->lock);
    return count;
}
