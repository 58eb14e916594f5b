/* call_open.c - the checks of a request, and the start of its exchange. */
#include "server/call_open.h"

#include "server/recv_filter.h"
#include "server/request_id.h"
#include "server/request_target.h"
#include "server/routes.h"

#include <string.h>
#include <time.h>

/* As much of a text as there is room for. */
static void keep(char *out, size_t size, const char *text)
{
    if (!memccpy(out, text, '\0', size))
        out[size - 1] = '\0';
}

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
    call->x.request.accept = head_find(head, "Accept");
    call->x.request.if_none_match = head_find(head, "If-None-Match");
    call->x.request.accept_encoding = head_find(head, "Accept-Encoding");
    call->x.request.inference_header = head_find(head, "Inference-Header-Content-Length");
}

/* ---- the checks ---- */

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
    call->query = request_target_query(call->target);
    call->path = request_target_path(call->target, &call->x.error);
    if (!call->path)
        return false;
    call->x.request.path = call->path;
    call->x.request.style = route_style(call->path);
    router_allow(call->server->api.routes, call->path, call->allow);
    call->x.request.route =
        router_find(call->server->api.routes, call->method, call->path, &call->x.error);
    if (!call->x.request.route)
        return false;
    call->x.request.style = call->x.request.route->style;
    return true;
}

/* A parameter that is passed over in silence would be taken for one that works.  Clients of other
 * interfaces send some that mean nothing here, and so do probes; mails, editors and caches put some
 * behind the address of the page. */
static bool check_query(struct call *call)
{
    const struct route *route = call->x.request.route;
    char names[128];

    if (!call->query || route->style != STYLE_NATIVE || route->probe || route->open
        || !request_target_names(call->query, names, sizeof names))
        return true;
    return error_set(&call->x.error, ERR_UNKNOWN_MEMBER, "", "query parameters are not taken: %s%s",
                     names, route->endpoint->feed ? "; give them as members of the body" : "");
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

/* Probes and metrics are answered even where all else is refused. */
static bool check_room(struct call *call)
{
    struct server *server = call->server;
    const size_t most = (size_t)server->config.max_in_flight;

    if (call->x.request.route->probe)
        return true;
    if (atomic_load(&server->phase) == PHASE_REFUSING)
        return error_set(&call->x.error, ERR_DRAINING, "", "the server is shutting down");
    call->admitted = true;
    if (atomic_fetch_add(&server->admitted, 1) < most)
        return true;
    return error_set(&call->x.error, ERR_TOO_MANY, "",
                     "%zu requests are being answered; --max-in-flight allows no more", most);
}

static bool check_connection(struct call *call)
{
    if (!call->connection->over)
        return true;
    call->close = true;
    return connections_refuse(call->connection->over, &call->x.error);
}

/* Each address may have so many requests whose bodies have not come yet. */
static bool check_share(struct call *call)
{
    const size_t most = (size_t)call->server->config.max_bodies_per_client;

    if (most == 0 || !call->connection->client || call->framing.length == 0)
        return true;
    call->awaited = true;
    if (atomic_fetch_add(&call->connection->client->bodies, 1) < most)
        return true;
    return error_set(&call->x.error, ERR_TOO_MANY, "",
                     "%zu bodies are awaited from this address; --max-bodies-per-client allows no "
                     "more",
                     most);
}

static bool check_size(struct call *call)
{
    if (call->framing.chunked || call->framing.length <= call->server->config.max_body)
        return true;
    return call_fail_size(call);
}

static bool refuse_queue(struct call *call, const char *flag)
{
    call->retry = admission_wait(&call->server->admission);
    return error_set(&call->x.error, ERR_NO_MEMORY, "",
                     "there is no memory for this body now, and %s allows it to wait no longer",
                     flag);
}

static bool check_memory(struct call *call)
{
    if (!call->x.request.route->endpoint->feed)
        return true;
    call->admission.kind = (unsigned)router_index(call->server->api.routes, call->x.request.route);
    call->admission.compressed = call->x.request.content_encoding != NULL;
    switch (body_admission_enter(&call->admission)) {
    case ADMISSION_OPEN:
        break;
    case ADMISSION_QUEUED:
        call->waiting = true;
        break;
    case ADMISSION_FULL:
        return refuse_queue(call, "--max-queued");
    }
    return true;
}

/* ---- the start ---- */

static bool begin(struct call *call)
{
    call->x.request.content_length = call->framing.length;
    return call_is_options(call) || exchange_begin(&call->x);
}

bool call_begin(struct call *call)
{
    call->waiting = false;
    if (call->admission.ticket.state == TICKET_LATE)
        call->refused = !refuse_queue(call, "--queue-time");
    else
        call->refused = !begin(call);
    call->close |= call->refused && call->x.error.code == ERR_BAD_REQUEST;
    return !call->refused;
}

/* The offset in the connection's bytes at which the body ends. */
static uint64_t body_end(const struct call *call)
{
    uint64_t end;

    return __builtin_add_overflow(call->connection->answered + call->head_size,
                                  call->framing.length, &end)
               ? UINT64_MAX
               : end;
}

static void init(struct call *call)
{
    exchange_init(&call->x, &call->server->api);
    call->admission.ticket.reserve.budget = &call->server->memory.requests;
    call->x.arena.reserve = &call->admission.ticket.reserve;
    call->x.work.stop = &call->stop;
    call->x.request.style = route_style(call->target);
    call->opened = true;
    atomic_fetch_add(&call->server->in_flight, 1);
}

static bool check(struct call *call, const struct head *head)
{
    return check_connection(call) && check_whole(call, head)
           && head_audit(head, &call->framing, &call->x.error) && check_route(call)
           && check_key(call, head) && check_query(call) && check_share(call) && check_room(call)
           && check_size(call) && check_memory(call);
}

bool call_open(struct call *call, const struct head *head)
{
    init(call);
    read_head(call, head);
    call->refused = !check(call, head);
    recv_filter_body(call->connection->fd, body_end(call));
    /* Readers differ on what a chunked body is, so that what follows one on the connection cannot
     * be trusted to be a request. */
    call->close |= head_find(head, "Transfer-Encoding") != NULL
                   || (call->refused && call->x.error.code == ERR_BAD_REQUEST);
    return !call->refused && !call->waiting && call_begin(call);
}
