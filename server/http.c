/* http.c - libmicrohttpd.
 *
 * It calls on_target() when the request line is in, on_request() once when the head is in, once for
 * each piece of the body and once more with an empty piece, then on_completed() exactly once.  A
 * call is born in the first and dies in the last; a reply is memory of its arena, which outlives
 * the response because on_completed() comes just before the response is dropped.
 *
 * What has to be known of the library (0.9.75 to 1.0):
 *   - A reply queued in the first on_request() ends the connection, even without a body; so only
 *     requests with a body are refused there.
 *   - It reads a line, puts a NUL at its end and measures with strlen(), so that a NUL of the
 *     client is an end, too.  recv_filter.h sees to it that none arrives in a head; head_is_whole()
 *     sees whatever else is in no field by where the next line begins.
 *   - Lines before the request line that are empty or begin with a NUL are skipped; skipped() sees
 *     them by where the request line stands.
 *   - 0.9.75 says 100 even where there is no body to wait for, and then loses the request if
 *     another one stands behind it.  It is answered in the first on_request().
 *   - In the middle of a body no reply can be queued at all.
 *   - MHD_OPTION_STRICT_FOR_CLIENT is upside down in 0.9.75: -1 is the strictest about spaces
 *     before a colon. */
#include "server/http.h"

#include "server/call.h"
#include "server/clock.h"
#include "server/console.h"
#include "server/daemon_load.h"
#include "server/recv_filter.h"
#include "server/routes.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a connection: a head and that of its answer; a head that does not fit the library answers 431.
 * Half of it is what is read of a body at a time; all of it is cleared for each request. */
#define HEAD_MEMORY ((size_t)96 << 10)

#define MESSAGE_SIZE 256

_Static_assert(HEAD_MEMORY + sizeof(struct call) + sizeof(struct peer) + 2048 <= MEMORY_CONNECTION,
               "a connection costs more than is charged for it");

struct worker {
    struct http *http;
    struct MHD_Daemon *daemon;
    struct daemon_load load;
};

struct http {
    struct server *server;
    struct MHD_Response *no_memory[STYLE_COUNT]; /* for a call that could not be made */
    size_t next;                                 /* where to look first, so that ties go around */
    size_t count;
    struct worker worker[];
};

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

/* ---- the head ---- */

static enum MHD_Result add_field(void *context, enum MHD_ValueKind kind, const char *name,
                                 size_t name_length, const char *value, size_t value_length)
{
    struct head *head = context;

    (void)kind;
    if (head->count == HEAD_FIELDS) {
        head->overflow = true;
        return MHD_NO;
    }
    head->field[head->count++] = (struct field){.name = name,
                                                .name_length = name_length,
                                                .value = value ? value : "",
                                                .value_length = value ? value_length : 0};
    return MHD_YES;
}

static size_t head_size(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return info ? info->header_size : 0;
}

/* Bytes before the request line.  0.9.75 reads each request to the start of pages that it maps. */
static size_t skipped(const char *method)
{
    return strcmp(MHD_get_version(), "0.9.75") == 0
               ? (uintptr_t)method % (size_t)sysconf(_SC_PAGESIZE)
               : 0;
}

static void hold(void *connection)
{
    MHD_suspend_connection(connection);
}

static void resume(void *connection)
{
    MHD_resume_connection(connection);
}

static const struct call_hooks hooks = {.hold = hold, .resume = resume};

static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    const struct worker *worker = context;
    struct peer *peer = peer_of(connection);

    return peer ? call_new(worker->http->server, peer, target, &hooks, connection) : NULL;
}

/* ---- the reply ---- */

/* A response whose header may lack a field, for want of memory. */
struct header {
    struct MHD_Response *response;
    bool failed;
};

static void add_header(void *context, const char *name, const char *value)
{
    struct header *header = context;

    header->failed |= MHD_add_response_header(header->response, name, value) != MHD_YES;
}

/* The library reads from a connection that is resumed while it expects input, and where the client
 * has closed its side that is the end of it.  Once it has asked for a reply and got none it expects
 * nothing, and asks again at once; only then the connection may be held. */
static bool is_too_early(struct call *call)
{
    const bool first = !call->asked;

    call->asked = true;
    return first && call_is_long(call);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, const struct worker *worker,
                              enum error_style style)
{
    return MHD_queue_response(connection, 503, worker->http->no_memory[style]);
}

static enum MHD_Result reply(struct MHD_Connection *connection, const struct worker *worker,
                             struct call *call)
{
    struct header header = {0};
    enum MHD_Result result;

    if (is_too_early(call))
        return MHD_YES;
    if (!peer_enter(call->peer, PEER_WORK, &call->x))
        return MHD_NO;
    if (!call_finish(call))
        return MHD_YES; /* held; we are called again */
    header.response = MHD_create_response_from_buffer(
        call->x.reply.length, (void *)(uintptr_t)call->x.reply.body, MHD_RESPMEM_PERSISTENT);
    if (!header.response)
        return refuse(connection, worker, call->x.request.style);
    call_fields(call, add_header, &header);
    peer_enter(call->peer, PEER_REPLY, &call->x);
    result = header.failed ? refuse(connection, worker, call->x.request.style)
                           : MHD_queue_response(connection, call->x.reply.status, header.response);
    MHD_destroy_response(header.response);
    return result;
}

/* The body goes on past what we are ready to throw away. */
static enum MHD_Result break_off(struct call *call)
{
    if (peer_enter(call->peer, PEER_WORK, &call->x))
        call_break(call);
    return MHD_NO;
}

/* ---- the request ---- */

static void read_head(struct head *head, struct MHD_Connection *connection, const struct call *call,
                      const char *method, const char *version)
{
    head->method = method;
    head->version = version;
    head->target_length = call->target_length;
    head->skipped = skipped(method);
    head->size = head_size(connection);
    head->count = 0;
    head->overflow = false;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_field, head);
}

static enum MHD_Result open_call(struct MHD_Connection *connection, const struct worker *worker,
                                 struct call *call, const char *method, const char *version)
{
    struct head head;
    bool opened;

    read_head(&head, connection, call, method, version);
    opened = call_open(call, &head);
    if (call->waiting)
        return peer_enter(call->peer, PEER_BODY, &call->x) ? MHD_YES : MHD_NO;
    if (call->framing.length == 0 && head_find(&head, "Expect"))
        call->close = true;
    else if (opened || (call->framing.length == 0 && !call->close))
        return peer_enter(call->peer, PEER_BODY, &call->x) ? MHD_YES : MHD_NO;
    return reply(connection, worker, call);
}

/* It has waited for memory. */
static enum MHD_Result begin_call(struct MHD_Connection *connection, const struct worker *worker,
                                  struct call *call)
{
    if (!call_begin(call))
        return reply(connection, worker, call);
    return peer_enter(call->peer, PEER_BODY, &call->x) ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *chunk,
                                  size_t *size, void **state)
{
    const struct worker *worker = context;
    struct call *call = *state;

    if (!call)
        return refuse(connection, worker, route_family(url));
    if (!call->opened)
        return open_call(connection, worker, call, method, version);
    if (call->waiting)
        return begin_call(connection, worker, call);
    if (*size > 0) {
        const size_t length = *size;

        *size = 0;
        return call_feed(call, chunk, length) ? MHD_YES : break_off(call);
    }
    return reply(connection, worker, call);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    struct call *call = *state;

    (void)context;
    if (!call)
        return;
    call->lost = how != MHD_REQUEST_TERMINATED_COMPLETED_OK;
    call_free(call, info ? info->http_status : 0);
    *state = NULL;
}

/* ---- connections ---- */

static void open_peer(struct worker *worker, struct MHD_Connection *connection, void **state)
{
    struct server *server = worker->http->server;
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int number = fd ? fd->connect_fd : -1;
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    *state = peers_add(&server->peers, number, address ? address->client_addr : NULL);
}

/* The library closes the descriptor after this, so nobody else may hold it any more. */
static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct worker *worker = context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        daemon_load_begin(&worker->load);
        memory_connect(&worker->http->server->memory);
        open_peer(worker, connection, state);
        return;
    }
    if (*state)
        peers_remove(&worker->http->server->peers, *state);
    daemon_load_end(&worker->load);
    memory_disconnect(&worker->http->server->memory);
}

/* Where a daemon is being started: what it says of that. */
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
    log_seldom(worker->http->server->log, LOG_DEBUG, "libmicrohttpd: %s", text);
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
    if (load >= http->server->config.max_connections + HTTP_SPARE)
        return peers_refuse("--max-connections", err);
    if (!memory_has_room(&http->server->memory))
        return error_set(err, ERR_NO_MEMORY, "",
                         "--max-memory leaves no room for one more connection now");
    return peers_allow(&http->server->peers, address)
           || peers_refuse("--max-connections-per-client", err);
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
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, worker},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, worker},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, worker},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)HEAD_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)most, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL}, /* peers.h says why */
        {MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
#if MHD_VERSION >= 0x00097601
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#else
        {MHD_OPTION_STRICT_FOR_CLIENT, -1, NULL},
#endif
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET
            | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, worker, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static struct MHD_Response *make_no_memory(enum error_style style)
{
    static const struct {
        const char *type, *text;
    } families[STYLE_COUNT] = {
        [STYLE_NATIVE] = {"application/problem+json",
                          "{\"type\":\"about:blank\",\"status\":503,\"code\":\"no_memory\"}\n"},
        [STYLE_OIP] = {"application/json", "{\"error\":\"the server has no memory now\"}\n"},
        [STYLE_OPENAI] = {"application/json",
                          "{\"error\":{\"message\":\"the server has no memory now\","
                          "\"type\":\"server_error\",\"param\":null,\"code\":\"no_memory\"}}\n"},
    };
    const char *text = families[style].text;
    struct header header = {MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                            MHD_RESPMEM_PERSISTENT),
                            false};

    if (!header.response)
        return NULL;
    add_header(&header, "Content-Type", families[style].type);
    add_header(&header, "Retry-After", "1");
    add_header(&header, "Connection", "close");
    if (header.failed)
        MHD_destroy_response(header.response);
    return header.failed ? NULL : header.response;
}

static bool make_all_no_memory(struct http *http)
{
    for (enum error_style style = 0; style < STYLE_COUNT; style++) {
        http->no_memory[style] = make_no_memory(style);
        if (!http->no_memory[style])
            return false;
    }
    return true;
}

/* What was said of a daemon that did not start is told, or errno where nothing was. */
static bool start_worker(struct http *http, unsigned threads, char error[HTTP_ERROR_SIZE])
{
    struct worker *worker = &http->worker[http->count];
    char message[MESSAGE_SIZE] = "";

    worker->http = http;
    errno = 0;
    said = message;
    worker->daemon =
        start_daemon(worker, (unsigned)http->server->config.max_connections + HTTP_SPARE);
    said = NULL;
    if (worker->daemon)
        return true;
    snprintf(error, HTTP_ERROR_SIZE, "cannot start thread %zu of %u (--threads): %s",
             http->count + 1, threads, *message ? message : strerror(errno));
    return false;
}

/* libmicrohttpd does not go on after this, so nor can we; but what was logged gets out. */
static void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
    struct http *http = context;
    char why[MESSAGE_SIZE];

    snprintf(why, sizeof why, "%s", reason ? reason : "it does not say why");
    why[strcspn(why, "\n")] = '\0';
    console_error("libmicrohttpd cannot go on: %s", why);
    log_event(http->server->log, LOG_ERROR, "libmicrohttpd cannot go on: %s (%s:%u)", why,
              file ? file : "", line);
    log_flush(http->server->log, SECOND);
    _exit(1);
}

struct http *http_start(struct server *server, unsigned threads, char error[HTTP_ERROR_SIZE])
{
    struct http *http = calloc(1, sizeof *http + threads * sizeof *http->worker);

    snprintf(error, HTTP_ERROR_SIZE, "cannot start: there is no memory for connections");
    if (!http)
        return NULL;
    http->server = server;
    MHD_set_panic_func(on_panic, http);
    if (recv_filter_init() && make_all_no_memory(http)) {
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
    for (enum error_style style = 0; style < STYLE_COUNT; style++)
        if (http->no_memory[style])
            MHD_destroy_response(http->no_memory[style]);
    recv_filter_release();
    free(http);
}
