/* http_request.c - what libmicrohttpd calls for a request.
 *
 * The library calls http_on_target() when the request line is in; http_on_request() once when the
 * head is in, once for each chunk of the body and once more with an empty chunk; then
 * http_on_completed() exactly once.  The first makes a call and the last frees it.  A reply is
 * memory of the call's arena: it outlives the response, because http_on_completed() comes just
 * before the response is dropped.
 *
 * What has to be known of the library (0.9.75 to 1.0):
 *   - A reply that is queued in the first http_on_request() ends the connection, even without a
 *     body; so only requests with a body are refused there.
 *   - It puts a NUL at the end of each line and measures with strlen(), so that a NUL of the client
 *     ends a line, too.  recv_filter.h replaces each NUL in a head; head_is_whole() checks that
 *     each line begins where the one before it ends.
 *   - It skips lines before the request line that are empty or begin with a NUL; skipped() finds
 *     them by the offset of the request line.
 *   - 0.9.75 sends 100 even where there is no body to wait for, and then loses the request if
 *     another one follows it.  Such a request is answered in the first http_on_request().
 *   - In the middle of a body no reply can be queued at all.
 *   - MHD_OPTION_STRICT_FOR_CLIENT is reversed in 0.9.75: -1 is the strictest about spaces before
 *     a colon. */
#include "server/http_request.h"

#include "server/call.h"
#include "server/call_open.h"
#include "server/reply_headers.h"
#include "server/routes.h"

#include <string.h>
#include <unistd.h>

_Static_assert(HTTP_POOL + sizeof(struct call) + sizeof(struct connection) + 2048
                   <= MEMORY_CONNECTION,
               "a connection costs more than is charged for it");

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

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

static size_t head_size(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return info ? info->header_size : 0;
}

/* Bytes before the request line.  0.9.75 reads each request to the start of mapped pages. */
static size_t skipped(const char *method)
{
    return strcmp(MHD_get_version(), "0.9.75") == 0
               ? (uintptr_t)method % (size_t)sysconf(_SC_PAGESIZE)
               : 0;
}

void *http_on_target(void *context, const char *target, struct MHD_Connection *mhd)
{
    const struct http_shared *shared = context;
    struct connection *connection = connection_of(mhd);

    return connection ? call_new(shared->server, connection, target) : NULL;
}

/* ---- the reply ---- */

/* A response, and whether memory was missing for one of its header fields. */
struct header {
    struct MHD_Response *response;
    bool failed;
};

static void add_header(void *context, const char *name, const char *value)
{
    struct header *header = context;

    header->failed |= MHD_add_response_header(header->response, name, value) != MHD_YES;
}

/* While the library expects input, it reads from a connection that is resumed; if the client has
 * closed its side, that ends the connection.  Once it has asked for a reply and got none, it
 * expects no input and asks again at once.  Only then may the connection be held. */
static bool is_too_early(struct call *call)
{
    const bool first = !call->asked;

    call->asked = true;
    return first && call_is_long(call);
}

static enum MHD_Result refuse(struct MHD_Connection *mhd, const struct http_shared *shared,
                              enum error_style style)
{
    return MHD_queue_response(mhd, 503, shared->no_memory[style]);
}

static enum MHD_Result reply(struct MHD_Connection *mhd, const struct http_shared *shared,
                             struct call *call)
{
    struct header header = {0};
    enum MHD_Result result;

    if (is_too_early(call))
        return MHD_YES;
    if (!connection_enter(call->connection, CONNECTION_WORK, &call->x))
        return MHD_NO;
    if (!call_finish(call))
        return MHD_YES; /* held; we are called again */
    header.response = MHD_create_response_from_buffer(
        call->x.reply.length, (void *)(uintptr_t)call->x.reply.body, MHD_RESPMEM_PERSISTENT);
    if (!header.response)
        return refuse(mhd, shared, call->x.request.style);
    reply_headers_add(&(struct reply_headers){&call->x, call->allow, call->retry, call->close},
                      add_header, &header);
    connection_enter(call->connection, CONNECTION_REPLY, &call->x);
    result = header.failed ? refuse(mhd, shared, call->x.request.style)
                           : MHD_queue_response(mhd, call->x.reply.status, header.response);
    MHD_destroy_response(header.response);
    return result;
}

/* The body goes on past what we are ready to throw away. */
static enum MHD_Result break_off(struct call *call)
{
    if (connection_enter(call->connection, CONNECTION_WORK, &call->x))
        call_break(call);
    return MHD_NO;
}

/* ---- the request ---- */

static void read_head(struct head *head, struct MHD_Connection *mhd, const struct call *call,
                      const char *method, const char *version)
{
    head->method = method;
    head->version = version;
    head->target_length = call->target_length;
    head->skipped = skipped(method);
    head->size = head_size(mhd);
    head->count = 0;
    head->overflow = false;
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, add_field, head);
}

static enum MHD_Result open_call(struct MHD_Connection *mhd, const struct http_shared *shared,
                                 struct call *call, const char *method, const char *version)
{
    struct head head;
    bool opened;

    read_head(&head, mhd, call, method, version);
    opened = call_open(call, &head);
    if (call->waiting)
        return connection_enter(call->connection, CONNECTION_BODY, &call->x) ? MHD_YES : MHD_NO;
    if (call->framing.length == 0 && head_find(&head, "Expect"))
        call->close = true;
    else if (opened || (call->framing.length == 0 && !call->close))
        return connection_enter(call->connection, CONNECTION_BODY, &call->x) ? MHD_YES : MHD_NO;
    return reply(mhd, shared, call);
}

/* The connection is resumed after a wait for memory. */
static enum MHD_Result begin_call(struct MHD_Connection *mhd, const struct http_shared *shared,
                                  struct call *call)
{
    if (!call_begin(call))
        return reply(mhd, shared, call);
    return connection_enter(call->connection, CONNECTION_BODY, &call->x) ? MHD_YES : MHD_NO;
}

enum MHD_Result http_on_request(void *context, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *chunk,
                                size_t *size, void **state)
{
    const struct http_shared *shared = context;
    struct call *call = *state;

    if (!call)
        return refuse(mhd, shared, route_style(url));
    if (!call->opened)
        return open_call(mhd, shared, call, method, version);
    if (call->waiting)
        return begin_call(mhd, shared, call);
    if (*size > 0) {
        const size_t length = *size;

        *size = 0;
        return call_feed(call, chunk, length) ? MHD_YES : break_off(call);
    }
    call->whole = true;
    return reply(mhd, shared, call);
}

void http_on_completed(void *context, struct MHD_Connection *mhd, void **state,
                       enum MHD_RequestTerminationCode how)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_HTTP_STATUS);
    struct call *call = *state;

    (void)context;
    if (!call)
        return;
    call->lost = how != MHD_REQUEST_TERMINATED_COMPLETED_OK;
    call_free(call, info ? info->http_status : 0);
    *state = NULL;
}

/* ---- the answer without memory ---- */

static struct MHD_Response *make_no_memory(enum error_style style)
{
    static const struct {
        const char *type, *text;
    } styles[STYLE_COUNT] = {
        [STYLE_NATIVE] = {"application/problem+json",
                          "{\"type\":\"about:blank\",\"status\":503,\"code\":\"no_memory\"}\n"},
        [STYLE_OIP] = {"application/json", "{\"error\":\"the server has no memory now\"}\n"},
        [STYLE_OPENAI] = {"application/json",
                          "{\"error\":{\"message\":\"the server has no memory now\","
                          "\"type\":\"server_error\",\"param\":null,\"code\":\"no_memory\"}}\n"},
    };
    const char *text = styles[style].text;
    struct header header = {MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                            MHD_RESPMEM_PERSISTENT),
                            false};

    if (!header.response)
        return NULL;
    add_header(&header, "Content-Type", styles[style].type);
    add_header(&header, "Retry-After", "1");
    add_header(&header, "Connection", "close");
    if (header.failed)
        MHD_destroy_response(header.response);
    return header.failed ? NULL : header.response;
}

bool http_shared_init(struct http_shared *shared, struct server *server)
{
    *shared = (struct http_shared){.server = server};
    for (enum error_style style = 0; style < STYLE_COUNT; style++) {
        shared->no_memory[style] = make_no_memory(style);
        if (!shared->no_memory[style])
            return false;
    }
    return true;
}

void http_shared_release(struct http_shared *shared)
{
    for (enum error_style style = 0; style < STYLE_COUNT; style++)
        if (shared->no_memory[style])
            MHD_destroy_response(shared->no_memory[style]);
}
