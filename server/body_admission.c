/* body_admission.c - a body's ticket for the queue. */
#include "server/body_admission.h"

#include "server/clock.h"
#include "server/memory.h"
#include "server/socket_stats.h"

#define SMALL_BODY ((uint64_t)64 << 10)   /* let in at once */
#define UNKNOWN_BODY ((uint64_t)1 << 20)  /* the length that a chunked body is taken to have */
#define INFLATION 4                       /* how much longer a compressed body is taken to become */
#define JUDGED_EACH ((uint64_t)256 << 10) /* bytes from one judgement to the next */

/* ---- what the queue asks of a body ---- */

static void hold(void *context)
{
    const struct body_admission *body = context;

    connection_hold(body->connection);
}

static void resume(void *context)
{
    const struct body_admission *body = context;

    connection_resume(body->connection);
}

/* The client has closed its side, and what arrived is not the whole body.  libmicrohttpd may hold a
 * part of it, but no more than the memory of a connection.  (Of chunks nobody knows.) */
static bool is_gone(void *context)
{
    const struct body_admission *body = context;
    const int fd = body->connection->fd;

    return !body->framing->chunked && socket_ended(fd)
           && socket_unread(fd) + MEMORY_CONNECTION < body->framing->length;
}

/* Everything that came was read, and there is more to come. */
static bool is_slow(void *context)
{
    const struct body_admission *body = context;

    return !atomic_load(&body->connection->held) && socket_unread(body->connection->fd) == 0
           && atomic_load(&body->connection->body) < body->framing->length;
}

static const struct ticket_owner owner = {
    .hold = hold, .resume = resume, .is_gone = is_gone, .is_slow = is_slow};

/* ---- what a request asks ---- */

static uint64_t plain_length(const struct body_admission *body)
{
    if (body->framing->chunked)
        return UNKNOWN_BODY;
    return body->framing->length * (body->compressed ? INFLATION : 1);
}

/* libmicrohttpd holds the whole body, and the client has closed its side.  If the connection were
 * held, the library would read first when it is resumed, and take that end for the end of
 * everything. */
static bool is_all_there(const struct body_admission *body)
{
    return socket_unread(body->connection->fd) == 0 && socket_ended(body->connection->fd);
}

enum admission_answer body_admission_enter(struct body_admission *body)
{
    if (body->framing->length <= SMALL_BODY || is_all_there(body))
        return ADMISSION_OPEN;
    body->ticket.size = admission_size(body->admission, body->kind, plain_length(body));
    body->ticket.owner = &owner;
    body->ticket.context = body;
    return admission_enter(body->admission, &body->ticket, clock_now());
}

/* A body that is kept needs what was reserved for it, most of it when all of it is in.  One that is
 * scored as it arrives keeps little, and the rest will be no different. */
void body_admission_judge(struct body_admission *body, uint64_t fed, size_t used)
{
    const double length = (double)plain_length(body), seen = (double)fed;
    const double doubled = 2 * (double)used, part = doubled / seen;
    double kept;

    if (!body->ticket.owner || fed < body->judged + JUDGED_EACH || part >= 1)
        return;
    body->judged = fed;
    kept = doubled + (seen < length ? (length - seen) * part : 0);
    if (kept < length)
        admission_trim(body->admission, &body->ticket,
                       (size_t)((double)body->ticket.size * kept / length));
}

void body_admission_learn(struct body_admission *body, uint64_t fed, size_t peak)
{
    if (body->ticket.owner && fed > SMALL_BODY)
        admission_learn(body->admission, body->kind, fed, peak);
}

void body_admission_trim(struct body_admission *body)
{
    admission_trim(body->admission, &body->ticket, 0);
}

void body_admission_leave(struct body_admission *body)
{
    admission_leave(body->admission, &body->ticket, clock_now());
}
