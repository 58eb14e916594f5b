/* call_admission.c - how a call asks for the memory that its body will need. */
#include "server/call_admission.h"

#include "server/clock.h"
#include "server/router.h"
#include "server/socket_stats.h"

#define SMALL_BODY ((uint64_t)64 << 10)  /* let in at once */
#define UNKNOWN_BODY ((uint64_t)1 << 20) /* taken for a length that is not told */
#define INFLATION 4                      /* and for how much longer a compressed body becomes */
#define JUDGED_EACH ((uint64_t)256 << 10)

void call_hold(void *context)
{
    const struct call *call = context;

    atomic_store(&call->peer->held, true);
    call->hooks->hold(call->connection);
}

void call_resume(void *context)
{
    const struct call *call = context;

    atomic_store(&call->peer->held, false);
    call->hooks->resume(call->connection);
}

/* Its client has closed, and what lies there is not the whole body: some of it may be in
 * libmicrohttpd's hands, but no more than a connection has memory.  (Of chunks nobody knows.) */
static bool is_gone(void *context)
{
    const struct call *call = context;

    return !call->framing.chunked && socket_ended(call->peer->fd)
           && socket_unread(call->peer->fd) + MEMORY_CONNECTION < call->framing.length;
}

/* All that came was read, and there is more to come. */
static bool is_slow(void *context)
{
    const struct call *call = context;

    return !atomic_load(&call->peer->held) && socket_unread(call->peer->fd) == 0
           && atomic_load(&call->peer->body) < call->framing.length;
}

static const struct ticket_owner ticket_owner = {
    .hold = call_hold, .resume = call_resume, .is_gone = is_gone, .is_slow = is_slow};

static uint64_t plain_length(const struct call *call)
{
    if (call->framing.chunked)
        return UNKNOWN_BODY;
    return call->framing.length * (call->x.request.content_encoding ? INFLATION : 1);
}

static unsigned kind_of(const struct call *call)
{
    return (unsigned)router_index(call->server->api.routes, call->x.request.route);
}

bool call_refuse_queue(struct call *call, const char *flag)
{
    call->retry = admission_wait(&call->server->admission);
    return error_set(&call->x.error, ERR_NO_MEMORY, "",
                     "there is no memory for this body now, and %s allows it to wait no longer",
                     flag);
}

/* All of the body is in libmicrohttpd's hands, and its client has closed its side.  If it were
 * held, the library would read first when it is resumed, and take that end for the end of
 * everything. */
static bool is_all_there(const struct call *call)
{
    return socket_unread(call->peer->fd) == 0 && socket_ended(call->peer->fd);
}

/* Reserve what the body will need, or wait for it. */
bool call_admit(struct call *call)
{
    struct admission *admission = &call->server->admission;

    if (!call->x.request.route->endpoint->feed || call->framing.length <= SMALL_BODY
        || is_all_there(call))
        return true;
    call->ticket.size = admission_size(admission, kind_of(call), plain_length(call));
    call->ticket.owner = &ticket_owner;
    call->ticket.context = call;
    switch (admission_enter(admission, &call->ticket, clock_now())) {
    case ADMISSION_OPEN:
        break;
    case ADMISSION_QUEUED:
        call->waiting = true;
        break;
    case ADMISSION_FULL:
        return call_refuse_queue(call, "--max-queued");
    }
    return true;
}

/* A body that is kept needs what was reserved for it, most of it when all of it is in.  Of one that
 * is scored on its way little is kept, and the rest will be no different. */
void call_judge(struct call *call)
{
    const double length = (double)plain_length(call), fed = (double)call->fed;
    const double used = (double)call->x.arena.used, part = 2 * used / fed;
    double kept;

    if (!call->ticket.owner || call->fed < call->context + JUDGED_EACH || part >= 1)
        return;
    call->context = call->fed;
    kept = 2 * used + (fed < length ? (length - fed) * part : 0);
    if (kept < length)
        admission_trim(&call->server->admission, &call->ticket,
                       (size_t)((double)call->ticket.size * kept / length));
}

void call_learn(struct call *call)
{
    if (!call->ticket.owner)
        return;
    if (call->fed > SMALL_BODY)
        admission_learn(&call->server->admission, kind_of(call), call->fed, call->x.arena.peak);
    if (call->ticket.waited > 0)
        metric_observe(&call->server->metrics, METRIC_logitd_queue_seconds, LABELS(0),
                       clock_seconds(call->ticket.waited));
}
