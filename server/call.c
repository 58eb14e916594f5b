/* call.c - a request's body, its reply and its end. */
#include "server/call.h"

#include "api/base/arena_error.h"
#include "server/access_log.h"
#include "server/clock.h"
#include "server/raw_reply.h"
#include "server/recv_filter.h"
#include "server/request_target.h"
#include "server/socket_stats.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* After an error as much of the body is read and thrown away; a longer one drops the connection. */
#define SWALLOW_MAX (UINT64_C(64) << 20)

struct call *call_new(struct server *server, struct connection *connection, const char *target)
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
    call->connection = connection;
    call->start = clock_now();
    call->admission = (struct body_admission){
        .admission = &server->admission, .connection = connection, .framing = &call->framing};
    memcpy(call->client, connection->address, sizeof call->client);
    return call;
}

/* ---- computing ---- */

bool call_is_options(const struct call *call)
{
    return strcmp(call->method, "OPTIONS") == 0;
}

bool call_fail_size(struct call *call)
{
    return error_set(&call->x.error, ERR_TOO_LARGE, "",
                     "the body is longer than %llu bytes, the limit set by --max-body",
                     (unsigned long long)call->server->config.max_body);
}

static bool feed(struct call *call, const char *chunk, size_t length)
{
    call->fed += length;
    if (call->fed > call->server->config.max_body)
        return call_fail_size(call);
    if (call_is_options(call))
        return true;
    if (!exchange_feed(&call->x, chunk, length))
        return false;
    body_admission_judge(&call->admission, call->fed, call->x.arena.used);
    return true;
}

static void compute(struct call *call)
{
    if (call_is_options(call))
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

static void relay_hold(void *context)
{
    connection_hold(((struct call *)context)->connection);
}

static void relay_resume(void *context)
{
    connection_resume(((struct call *)context)->connection);
}

static const struct relay_owner relay_owner = {.feed = relay_feed,
                                               .finish = relay_finish,
                                               .hold = relay_hold,
                                               .resume = relay_resume,
                                               .gone = relay_gone};

/* Copy the strings of the head: the connection, which owns them, may end while the thread works. */
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
    relay_init(&call->relay, &call->server->executor, &call->admission.ticket.reserve, &relay_owner,
               call);
    call->relayed = true;
    return true;
}

/* ---- the body ---- */

static void give_up_share(struct call *call)
{
    if (call->awaited)
        atomic_fetch_sub(&call->connection->client->bodies, 1);
    call->awaited = false;
}

static void refuse(struct call *call)
{
    call->kept = call->received;
    call->refused = true;
    call->close = true;
}

/* Whether more of the body is sure to come.  Only then may the connection be held: when it is
 * resumed, libmicrohttpd reads first.  If the client has closed its side, the library takes that
 * for the end of the request, even where it holds the whole body. */
static bool goes_on(const struct call *call)
{
    return call->framing.chunked ? socket_unread(call->connection->fd) > 0
                                 : call->received < call->framing.length;
}

/* A fault that the thread finds is known here when the next chunk comes. */
static bool put(struct call *call, const char *chunk, size_t length)
{
    const bool more = goes_on(call);
    const enum relay_state state = relay_put(&call->relay, chunk, length, more);

    return state == RELAY_TAKEN || state == RELAY_HELD;
}

bool call_feed(struct call *call, const char *chunk, size_t length)
{
    call->received += length;
    atomic_fetch_add_explicit(&call->connection->body, length, memory_order_relaxed);
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
    if (call->admission.ticket.owner)
        body_admission_trim(&call->admission);
    call->close |=
        atomic_load(&call->server->phase) >= PHASE_DRAINING
        || recv_filter_is_unsound(call->connection->fd,
                                  call->connection->answered + call->head_size + call->received);
    return true;
}

void call_break(struct call *call)
{
    if (call->relayed && relay_is_busy(&call->relay))
        return;
    if (call_finish(call))
        raw_reply_send(call->connection->fd, &call->x);
}

/* ---- the end ---- */

static void record(const struct call *call)
{
    const struct access_entry entry = {.exchange = &call->x,
                                       .method = call->method,
                                       .version = call->version,
                                       .client = call->client,
                                       .agent = call->agent,
                                       .trace_id = call->trace_id,
                                       .start = call->start,
                                       .received = call->received,
                                       .waited = call->admission.ticket.waited,
                                       .sent = call->sent,
                                       .answered = call->answered,
                                       .lost = call->lost,
                                       .late = call->late};

    access_log_record(&call->server->metrics, call->server->log, &entry);
}

static void end(struct call *call)
{
    record(call);
    if (call->opened) {
        body_admission_learn(&call->admission, call->fed, call->x.arena.peak);
        exchange_release(&call->x);
        body_admission_trim(&call->admission);
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
    body_admission_leave(&call->admission);
    call->late = connection_done(call->connection, call->head_size + call->received);
    recv_filter_head(call->connection->fd, call->connection->answered);
    call->connection->parted = call->answered && !call->whole;
    call->sent = status;
    call->connection = NULL;
    atomic_store(&call->stop, true);
    if (!call->relayed || relay_leave(&call->relay))
        end(call);
}
