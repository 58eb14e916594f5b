/* call.c - one request from its first byte to its answer. */
#include "server/call.h"

#include "api/base/arena_error.h"
#include "server/access.h"
#include "server/call_admission.h"
#include "server/clock.h"
#include "server/raw_reply.h"
#include "server/recv_filter.h"
#include "server/request_id.h"
#include "server/request_target.h"
#include "server/routes.h"
#include "server/socket_stats.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What is read and thrown away after an error before the connection is dropped instead. */
#define SWALLOW_MAX (UINT64_C(64) << 20)

/* As much of a text as there is room for. */
static void keep(char *out, size_t size, const char *text)
{
    if (!memccpy(out, text, '\0', size))
        out[size - 1] = '\0';
}

struct call *call_new(struct server *server, struct peer *peer, const char *target,
                      const struct call_hooks *hooks, void *connection)
{
    struct call *call = malloc(sizeof *call);

    if (!call)
        return NULL;
    memset(call, 0, offsetof(struct call, x.problem));
    call->target = strndup(target, TARGET_MAX + 1);
    if (!call->target) {
        free(call);
        return NULL;
    }
    call->target_length = strlen(target);
    call->server = server;
    call->peer = peer;
    call->hooks = hooks;
    call->connection = connection;
    call->start = clock_now();
    keep(call->client, sizeof call->client, peer->address);
    return call;
}

/* ---- opening: everything that can be refused before the body is read ---- */

static void read_head(struct call *call, const struct head *head)
{
    const char *agent = head_find(head, "User-Agent");
    const char *trace =
        head_count(head, "traceparent") == 1 ? head_find(head, "traceparent") : NULL;

    request_id_take(call->request_id, head_find(head, "X-Request-Id"));
    trace_id_take(call->trace_id, trace);
    keep(call->agent, sizeof call->agent, agent ? agent : "");
    keep(call->method, sizeof call->method, head->method);
    keep(call->version, sizeof call->version,
         strncmp(head->version, "HTTP/", 5) == 0 ? head->version + 5 : "");
    call->head_size = head->size;
    call->x.request.id = call->request_id;
    call->x.request.time = (int64_t)time(NULL);
    call->x.request.content_type = head_find(head, "Content-Type");
    call->x.request.content_encoding = head_find(head, "Content-Encoding");
    call->x.request.accept_encoding = head_find(head, "Accept-Encoding");
    call->x.request.inference_header = head_find(head, "Inference-Header-Content-Length");
}

static bool check_whole(struct call *call, const struct head *head)
{
    if (head->overflow || head_is_whole(head)) /* the audit refuses too many fields */
        return true;
    return error_set(&call->x.error, ERR_BAD_REQUEST, "",
                     "the head has a NUL, a folded line, a line that does not end with CRLF or a "
                     "space too many");
}

static bool check_route(struct call *call)
{
    call->path = request_target_path(call->target, &call->x.error);
    if (!call->path)
        return false;
    call->x.request.path = call->path;
    call->x.request.style = route_family(call->path);
    router_allow(call->server->api.routes, call->path, call->allow);
    call->x.request.route =
        router_find(call->server->api.routes, call->method, call->path, &call->x.error);
    if (!call->x.request.route)
        return false;
    call->x.request.style = call->x.request.route->style;
    return true;
}

static bool check_key(struct call *call, const struct head *head)
{
    if (call->x.request.route->open
        || auth_allows(&call->server->auth, head_find(head, "Authorization"),
                       head_find(head, "X-API-Key")))
        return true;
    return error_set(&call->x.error, ERR_UNAUTHORIZED, "",
                     "send a valid key as \"Authorization: Bearer KEY\" or \"X-API-Key: KEY\"");
}

/* Probes and metrics are answered even when everything else is refused. */
static bool check_room(struct call *call)
{
    struct server *server = call->server;
    const size_t most = (size_t)server->config.max_in_flight;

    if (call->x.request.route->quiet)
        return true;
    if (atomic_load(&server->phase) == PHASE_REFUSING)
        return error_set(&call->x.error, ERR_DRAINING, "", "the server is shutting down");
    call->admitted = true;
    if (atomic_fetch_add(&server->admitted, 1) < most)
        return true;
    return error_set(&call->x.error, ERR_TOO_MANY, "",
                     "%zu requests are being answered; --max-in-flight allows no more", most);
}

static bool check_peer(struct call *call)
{
    if (!call->peer->over)
        return true;
    call->close = true;
    return peers_refuse(call->peer->over, &call->x.error);
}

/* A body that is awaited is one of those that its client's address may have open. */
static bool check_share(struct call *call)
{
    const size_t most = (size_t)call->server->config.max_bodies_per_client;

    if (most == 0 || !call->peer->client || call->framing.length == 0)
        return true;
    call->awaited = true;
    if (atomic_fetch_add(&call->peer->client->bodies, 1) < most)
        return true;
    return error_set(&call->x.error, ERR_TOO_MANY, "",
                     "%zu bodies are awaited from this address; --max-bodies-per-client allows no "
                     "more",
                     most);
}

static void give_up_share(struct call *call)
{
    if (call->awaited)
        atomic_fetch_sub(&call->peer->client->bodies, 1);
    call->awaited = false;
}

static bool fail_size(struct call *call)
{
    return error_set(&call->x.error, ERR_TOO_LARGE, "",
                     "the body is longer than %llu bytes, the limit set by --max-body",
                     (unsigned long long)call->server->config.max_body);
}

static bool check_size(struct call *call)
{
    if (call->framing.chunked || call->framing.length <= call->server->config.max_body)
        return true;
    return fail_size(call);
}

static bool begin(struct call *call)
{
    call->x.request.content_length = call->framing.length;
    return strcmp(call->method, "OPTIONS") == 0 || exchange_begin(&call->x);
}

bool call_begin(struct call *call)
{
    call->waiting = false;
    if (call->ticket.state == TICKET_LATE)
        call->refused = !call_refuse_queue(call, "--queue-time");
    else
        call->refused = !begin(call);
    call->close |= call->refused && call->x.error.code == ERR_BAD_REQUEST;
    return !call->refused;
}

/* How many bytes the connection has brought when the body is in. */
static uint64_t body_end(const struct call *call)
{
    uint64_t end;

    return __builtin_add_overflow(call->peer->answered + call->head_size, call->framing.length,
                                  &end)
               ? UINT64_MAX
               : end;
}

bool call_open(struct call *call, const struct head *head)
{
    struct error *err = &call->x.error;

    exchange_init(&call->x, &call->server->api);
    call->ticket.reserve.budget = &call->server->memory.requests;
    call->x.arena.reserve = &call->ticket.reserve;
    call->x.work.stop = &call->stop;
    call->x.request.style = route_family(call->target);
    call->opened = true;
    atomic_fetch_add(&call->server->in_flight, 1);
    read_head(call, head);
    call->refused =
        !(check_peer(call) && check_whole(call, head) && head_audit(head, &call->framing, err)
          && check_route(call) && check_key(call, head) && check_share(call) && check_room(call)
          && check_size(call) && call_admit(call));
    recv_filter_body(call->peer->fd, body_end(call));
    /* What libmicrohttpd takes for a chunked body is not what everybody does: after one, nothing
     * that follows on the connection can be trusted to be a request. */
    call->close |= head_find(head, "Transfer-Encoding") != NULL
                   || (call->refused && call->x.error.code == ERR_BAD_REQUEST);
    return !call->refused && !call->waiting && call_begin(call);
}

/* ---- computing ---- */

static bool feed(struct call *call, const char *chunk, size_t length)
{
    call->fed += length;
    if (call->fed > call->server->config.max_body)
        return fail_size(call);
    if (strcmp(call->method, "OPTIONS") == 0)
        return true;
    if (!exchange_feed(&call->x, chunk, length))
        return false;
    call_judge(call);
    return true;
}

static void compute(struct call *call)
{
    if (strcmp(call->method, "OPTIONS") == 0)
        call->x.reply.status = 204;
    else
        exchange_finish(&call->x);
}

static void end(struct call *call);

static bool relay_feed(void *context, const char *bytes, size_t length)
{
    return feed(context, bytes, length);
}

static void relay_finish(void *context)
{
    compute(context);
}

static void relay_gone(void *context)
{
    end(context);
}

static const struct relay_owner relay_owner = {.feed = relay_feed,
                                               .finish = relay_finish,
                                               .hold = call_hold,
                                               .resume = call_resume,
                                               .gone = relay_gone};

/* The connection may go while the thread is at work, and what was read of its head with it. */
static bool keep_head(struct exchange *x)
{
    const char **const strings[] = {&x->request.content_type, &x->request.content_encoding,
                                    &x->request.accept_encoding, &x->request.inference_header};

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        if (!*strings[i])
            continue;
        *strings[i] = arena_copy(&x->arena, *strings[i], strlen(*strings[i]));
        if (!*strings[i])
            return arena_fail(&x->arena, &x->error);
    }
    return true;
}

static bool open_relay(struct call *call)
{
    if (!keep_head(&call->x))
        return false;
    relay_init(&call->relay, &call->server->executor, &call->ticket.reserve, &relay_owner, call);
    call->relayed = true;
    return true;
}

/* ---- the body ---- */

static void refuse(struct call *call)
{
    call->kept = call->received;
    call->refused = true;
    call->close = true;
}

/* Whether the body surely goes on.  Only then may the connection be held: when it is resumed,
 * libmicrohttpd reads first, and takes the end of a client that has closed its side for the end of
 * everything, even where the body is whole. */
static bool goes_on(const struct call *call)
{
    return call->framing.chunked ? socket_unread(call->peer->fd) > 0
                                 : call->received < call->framing.length;
}

/* What goes wrong on the thread is known here when the next piece comes. */
static bool put(struct call *call, const char *chunk, size_t length)
{
    const bool more = goes_on(call);
    const enum relay_state state = relay_put(&call->relay, chunk, length, more);

    return state == RELAY_TAKEN || state == RELAY_HELD;
}

bool call_feed(struct call *call, const char *chunk, size_t length)
{
    call->received += length;
    atomic_fetch_add_explicit(&call->peer->body, length, memory_order_relaxed);
    if (call->refused)
        return call->received - call->kept <= SWALLOW_MAX;
    if (!call->relayed && call->x.is_long && !open_relay(call))
        refuse(call);
    else if (!(call->relayed ? put(call, chunk, length) : feed(call, chunk, length)))
        refuse(call);
    return true;
}

static bool finish_relay(struct call *call)
{
    switch (relay_end(&call->relay)) {
    case RELAY_HELD:
    case RELAY_TAKEN:
        return false;
    case RELAY_STARVED:
        error_set(&call->x.error, ERR_NO_MEMORY, "",
                  "all requests together need more than --max-memory (%zu bytes) now",
                  call->server->memory.requests.limit);
        refuse(call);
        break;
    case RELAY_REFUSED:
        refuse(call);
        break;
    case RELAY_DONE:
        break;
    }
    return true;
}

bool call_is_long(const struct call *call)
{
    return call->relayed || (!call->refused && call->x.is_long && call->framing.length > 0);
}

bool call_finish(struct call *call)
{
    give_up_share(call);
    if (!call->relayed && call_is_long(call) && !open_relay(call))
        refuse(call);
    if (call->relayed && !finish_relay(call))
        return false;
    if (call->refused)
        exchange_fail(&call->x);
    else if (!call->relayed)
        compute(call);
    call->answered = true;
    if (call->ticket.owner)
        admission_trim(&call->server->admission, &call->ticket, 0);
    call->close |= atomic_load(&call->server->phase) >= PHASE_DRAINING
                   || recv_filter_is_unsound(call->peer->fd, call->peer->answered + call->head_size
                                                                 + call->received);
    return true;
}

void call_break(struct call *call)
{
    if (call->relayed && relay_is_busy(&call->relay))
        return;
    if (call_finish(call))
        raw_reply_send(call->peer->fd, &call->x);
}

/* ---- the end ---- */

static void end(struct call *call)
{
    access_record(call, call->sent, call->late);
    if (call->opened) {
        call_learn(call);
        exchange_release(&call->x);
        admission_trim(&call->server->admission, &call->ticket, 0);
        atomic_fetch_sub(&call->server->in_flight, 1);
    }
    if (call->admitted)
        atomic_fetch_sub(&call->server->admitted, 1);
    free(call->target);
    free(call);
}

void call_free(struct call *call, unsigned status)
{
    give_up_share(call);
    admission_leave(&call->server->admission, &call->ticket, clock_now());
    call->late = peer_done(call->peer, call->head_size + call->received);
    recv_filter_head(call->peer->fd, call->peer->answered);
    call->sent = status;
    call->peer = NULL;
    atomic_store(&call->stop, true);
    if (!call->relayed || relay_leave(&call->relay))
        end(call);
}
