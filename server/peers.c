/* peers.c - the register of connections and its sweep. */
#include "server/peers.h"

#include "server/clock.h"
#include "server/raw_reply.h"
#include "server/recv_filter.h"
#include "server/socket_stats.h"

#include <stdlib.h>
#include <sys/socket.h>

bool peers_init(struct peers *peers, const struct api *api, struct log *log,
                struct peer_limits limits, size_t most)
{
    *peers = (struct peers){.api = api, .log = log, .limits = limits};
    pthread_mutex_init(&peers->lock, NULL);
    return clients_init(&peers->clients, most);
}

void peers_release(struct peers *peers)
{
    clients_release(&peers->clients);
    pthread_mutex_destroy(&peers->lock);
}

/* ---- coming and going ---- */

bool peers_allow(struct peers *peers, const struct sockaddr *address)
{
    const size_t most = peers->limits.client_connections;

    return most == 0 || clients_count(&peers->clients, address) < most;
}

bool peers_refuse(const char *flag, struct error *err)
{
    return error_set(err, ERR_TOO_MANY, "", "there are too many connections; %s allows no more",
                     flag);
}

/* Connections are counted when they begin, so that of many that come at once some are let in and
 * only then found to be too many. */
static const char *judge(struct peers *peers, const struct sockaddr *address, size_t others)
{
    const size_t most = peers->limits.client_connections;

    if (others >= peers->limits.connections)
        return "--max-connections";
    return most > 0 && clients_count(&peers->clients, address) > most
               ? "--max-connections-per-client"
               : NULL;
}

struct peer *peers_add(struct peers *peers, int fd, const struct sockaddr *address)
{
    struct peer *peer = calloc(1, sizeof *peer);

    if (!peer || !recv_filter_open(fd)) {
        free(peer);
        return NULL;
    }
    pthread_mutex_init(&peer->lock, NULL);
    peer->fd = fd;
    peer->fresh = true;
    peer->since = peer->active = clock_now();
    peer->client = clients_enter(&peers->clients, address);
    peer->over = judge(peers, address, atomic_fetch_add(&peers->count, 1));
    address_client(address, peer->address);
    pthread_mutex_lock(&peers->lock);
    peer->next = peers->first;
    if (peer->next)
        peer->next->previous = peer;
    peers->first = peer;
    pthread_mutex_unlock(&peers->lock);
    return peer;
}

void peers_remove(struct peers *peers, struct peer *peer)
{
    pthread_mutex_lock(&peers->lock);
    if (peer->previous)
        peer->previous->next = peer->next;
    else
        peers->first = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    pthread_mutex_unlock(&peers->lock);
    atomic_fetch_sub(&peers->count, 1);
    clients_leave(&peers->clients, peer->client);
    recv_filter_close(peer->fd);
    pthread_mutex_destroy(&peer->lock);
    free(peer);
}

/* ---- states ---- */

#define UNMEASURED UINT64_MAX

static void enter(struct peer *peer, enum peer_state state)
{
    peer->state = state;
    peer->since = peer->active = clock_now();
    peer->moved = 0;
    if (state == PEER_REPLY)
        peer->start = UNMEASURED;
}

bool peer_enter(struct peer *peer, enum peer_state state, const struct exchange *exchange)
{
    bool in_time;

    pthread_mutex_lock(&peer->lock);
    in_time = peer->state != PEER_CONDEMNED;
    if (in_time) {
        if (state == PEER_BODY)
            atomic_store(&peer->body, 0);
        peer->fresh = false;
        peer->exchange = exchange;
        enter(peer, state);
    }
    pthread_mutex_unlock(&peer->lock);
    return in_time;
}

bool peer_done(struct peer *peer, uint64_t size)
{
    bool condemned;

    pthread_mutex_lock(&peer->lock);
    condemned = peer->state == PEER_CONDEMNED;
    peer->exchange = NULL;
    peer->answered += size;
    if (!condemned)
        enter(peer, PEER_IDLE);
    pthread_mutex_unlock(&peer->lock);
    return condemned;
}

/* ---- judging ---- */

/* The time lies with us: the thread of this connection is busy with another. */
static void excuse(struct peer *peer, uint64_t now, uint64_t interval)
{
    peer->since = peer->since + interval < now ? peer->since + interval : now;
    peer->active = now;
}

/* Whether `moved` bytes are too few for the time that has gone by, or stood still for too long. */
static bool is_slow(struct peer *peer, const struct peer_limits *limits, uint64_t moved,
                    uint64_t now)
{
    const double seconds = clock_seconds(now - peer->since);

    if (moved != peer->moved)
        peer->active = now;
    peer->moved = moved;
    return now - peer->active > limits->idle
           || seconds > clock_seconds(limits->grace) + (double)moved / (double)limits->rate;
}

/* A first head has its time from the start; a later one from when the connection might have been
 * closed for idleness, since only the system knows when its first byte came. */
static bool is_head_late(const struct peer *peer, const struct peer_limits *limits, uint64_t now)
{
    const uint64_t elapsed = now - peer->since;

    if (peer->fresh)
        return elapsed > limits->head;
    return elapsed > limits->idle
           && (socket_received(peer->fd) <= peer->answered
               || elapsed > limits->idle + limits->head);
}

#define GONE_AFTER 100000000 /* nanoseconds */

/* The client has closed its side and everything it sent was answered.  libmicrohttpd 0.9.75 misses
 * an end that comes together with the request, and would keep the connection. */
static bool is_gone(const struct peer *peer, uint64_t now)
{
    return peer->state == PEER_IDLE && now > peer->since + GONE_AFTER
           && socket_unread(peer->fd) == 0 && socket_ended(peer->fd);
}

/* The client has closed its side in the middle of a body, and all that came was read.  That end can
 * be missed, too; so the library is told once more.  Only the reading side is shut: where the body
 * is whole after all, because its last piece is being scored, the answer can still be sent. */
static void nudge_if_cut(const struct peer *peer, uint64_t now)
{
    if (peer->state == PEER_BODY && now > peer->since + GONE_AFTER && socket_unread(peer->fd) == 0
        && socket_ended(peer->fd))
        shutdown(peer->fd, SHUT_RD);
}

static bool is_late(struct peer *peer, const struct peer_limits *limits, uint64_t now,
                    uint64_t interval)
{
    switch (peer->state) {
    case PEER_IDLE:
    case PEER_BODY:
        if (socket_unread(peer->fd) > 0 || atomic_load(&peer->held)) {
            excuse(peer, now, interval);
            return false;
        }
        return peer->state == PEER_IDLE ? is_head_late(peer, limits, now)
                                        : is_slow(peer, limits, atomic_load(&peer->body), now);
    case PEER_REPLY:
        if (socket_unsent(peer->fd) == 0) {
            excuse(peer, now, interval);
            return false;
        }
        if (peer->start == UNMEASURED) /* most replies are gone before anybody looks */
            peer->start = socket_acknowledged(peer->fd);
        return is_slow(peer, limits, socket_progress(peer->fd, peer->start), now);
    case PEER_WORK:
    case PEER_CONDEMNED:
        break;
    }
    return false;
}

/* A body that came too slowly can still be told so: nothing else writes to its socket now. */
static void tell(const struct peers *peers, const struct peer *peer)
{
    struct exchange x = {0};

    exchange_init(&x, peers->api);
    x.request.id = peer->exchange->request.id;
    x.request.style = peer->exchange->request.style;
    error_set(&x.error, ERR_TIMEOUT, "",
              "the body came too slowly; --min-body-rate, --body-grace and --idle-timeout say how "
              "fast it has to be");
    exchange_fail(&x);
    raw_reply_send(peer->fd, &x);
    exchange_release(&x);
}

static void dismiss(struct peer *peer)
{
    peer->state = PEER_CONDEMNED;
    shutdown(peer->fd, SHUT_RDWR);
}

static void condemn(struct peers *peers, struct peer *peer)
{
    if (peer->state == PEER_BODY)
        tell(peers, peer);
    if (peer->state == PEER_IDLE && (peer->fresh || socket_received(peer->fd) > peer->answered)) {
        atomic_fetch_add(&peers->timeouts, 1);
        log_seldom(peers->log, LOG_INFO,
                   "closed a connection from %s whose request did not come within --head-timeout",
                   peer->address);
    }
    dismiss(peer);
}

void peers_sweep(struct peers *peers, uint64_t interval)
{
    const uint64_t now = clock_now();

    pthread_mutex_lock(&peers->lock);
    for (struct peer *peer = peers->first; peer; peer = peer->next) {
        pthread_mutex_lock(&peer->lock);
        nudge_if_cut(peer, now);
        if (is_gone(peer, now))
            dismiss(peer);
        else if (peer->since <= now && is_late(peer, &peers->limits, now, interval))
            condemn(peers, peer);
        pthread_mutex_unlock(&peer->lock);
    }
    pthread_mutex_unlock(&peers->lock);
}

static bool is_busy(const struct peer *peer)
{
    if (peer->state == PEER_CONDEMNED)
        return false;
    return peer->state != PEER_IDLE || socket_unread(peer->fd) > 0
           || socket_received(peer->fd) > peer->answered;
}

size_t peers_busy(struct peers *peers)
{
    size_t count = 0;

    pthread_mutex_lock(&peers->lock);
    for (struct peer *peer = peers->first; peer; peer = peer->next) {
        pthread_mutex_lock(&peer->lock);
        count += is_busy(peer);
        pthread_mutex_unlock(&peer->lock);
    }
    pthread_mutex_unlock(&peers->lock);
    return count;
}
