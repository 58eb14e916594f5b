/* admission.c - the queue for memory, and what bodies need. */
#include "server/admission.h"

#include "server/clock.h"

#define SIXTEENTHS 16u
#define FIRST_NEED (10 * SIXTEENTHS) /* JSON that is all log-probabilities needs 8 to 12 */
#define LEAST_NEED (SIXTEENTHS / 2)
#define MOST_NEED (48 * SIXTEENTHS)
#define KEPT ((uint64_t)8 << 20) /* a longer body is scored as it arrives; no more is kept */
#define BASE ((size_t)640 << 10) /* for the buffers of any body */

#define FORGET 32       /* a smaller need lowers the estimate by 1/32 of the difference */
#define SMALL_SHARE 8   /* 1/8 is never reserved: it is for small bodies */
#define LARGEST_SHARE 2 /* one body reserves at most 1/2 of the rest */

#define SLOW_SWEEPS 3

#define LONGEST_WAIT 60 /* seconds that are told to a client */
#define SMOOTH 0.1      /* weight of the last sweep in the smoothed rate */

void admission_init(struct admission *admission, struct budget *budget, size_t most,
                    uint64_t patience)
{
    *admission = (struct admission){.budget = budget,
                                    .limit = budget->limit - budget->limit / SMALL_SHARE,
                                    .most = most,
                                    .patience = patience};
    for (unsigned kind = 0; kind < ADMISSION_KINDS; kind++)
        atomic_store(&admission->need[kind], FIRST_NEED);
    pthread_mutex_init(&admission->lock, NULL);
}

void admission_release(struct admission *admission)
{
    pthread_mutex_destroy(&admission->lock);
}

/* ---- what a body needs ---- */

size_t admission_size(const struct admission *admission, unsigned kind, uint64_t length)
{
    const double need = atomic_load(&admission->need[kind % ADMISSION_KINDS]);
    const double kept = (double)(length < KEPT ? length : KEPT);
    const double size = kept * need / SIXTEENTHS + (double)BASE;
    const size_t most = admission->limit / LARGEST_SHARE;

    return size < (double)most ? (size_t)size : most;
}

void admission_learn(struct admission *admission, unsigned kind, uint64_t length, size_t peak)
{
    atomic_uint *need = &admission->need[kind % ADMISSION_KINDS];
    const unsigned old = atomic_load(need);
    const double own = (double)(peak > BASE ? peak - BASE : 0);
    double seen = own * SIXTEENTHS / (double)(length > 0 ? length : 1) + 1;
    unsigned fresh;

    seen = seen < LEAST_NEED ? LEAST_NEED : seen > MOST_NEED ? MOST_NEED : seen;
    fresh = (unsigned)seen;
    if (fresh < old)
        fresh = old - (old - fresh + FORGET - 1) / FORGET;
    atomic_store(need, fresh);
}

/* ---- the queue; the lock is held ---- */

static void append(struct tickets *list, struct ticket *ticket)
{
    ticket->next = NULL;
    ticket->previous = list->last;
    if (list->last)
        list->last->next = ticket;
    else
        list->first = ticket;
    list->last = ticket;
}

static void unlink_from(struct tickets *list, struct ticket *ticket)
{
    if (ticket->previous)
        ticket->previous->next = ticket->next;
    else
        list->first = ticket->next;
    if (ticket->next)
        ticket->next->previous = ticket->previous;
    else
        list->last = ticket->previous;
}

static void leave_queue(struct admission *admission, struct ticket *ticket)
{
    unlink_from(&admission->queue, ticket);
    atomic_fetch_sub(&admission->count, 1);
    admission->left++;
}

/* Its waiting is over. */
static void call_in(struct admission *admission, struct ticket *ticket, enum ticket_state state,
                    uint64_t now)
{
    leave_queue(admission, ticket);
    if (state == TICKET_READY)
        append(&admission->inside, ticket);
    ticket->state = state;
    ticket->waited = now - ticket->since;
    ticket->owner->resume(ticket->context);
}

static bool let_in(struct admission *admission, struct ticket *ticket)
{
    return reserve_open(&ticket->reserve, ticket->size, admission->limit);
}

static void serve(struct admission *admission, uint64_t now)
{
    while (admission->queue.first && let_in(admission, admission->queue.first))
        call_in(admission, admission->queue.first, TICKET_READY, now);
}

/* ---- coming and going ---- */

enum admission_answer admission_enter(struct admission *admission, struct ticket *ticket,
                                      uint64_t now)
{
    enum admission_answer answer = ADMISSION_FULL;

    pthread_mutex_lock(&admission->lock);
    ticket->since = now;
    if (!admission->queue.first && let_in(admission, ticket)) {
        ticket->state = TICKET_READY;
        append(&admission->inside, ticket);
        answer = ADMISSION_OPEN;
    } else if (atomic_load(&admission->count) < admission->most) {
        ticket->state = TICKET_WAITING;
        append(&admission->queue, ticket);
        atomic_fetch_add(&admission->count, 1);
        ticket->owner->hold(ticket->context);
        answer = ADMISSION_QUEUED;
    }
    pthread_mutex_unlock(&admission->lock);
    return answer;
}

void admission_leave(struct admission *admission, struct ticket *ticket, uint64_t now)
{
    if (!ticket->owner)
        return;
    pthread_mutex_lock(&admission->lock);
    if (ticket->state == TICKET_WAITING)
        leave_queue(admission, ticket);
    else if (ticket->state == TICKET_READY)
        unlink_from(&admission->inside, ticket);
    ticket->state = TICKET_NONE;
    reserve_close(&ticket->reserve);
    serve(admission, now);
    pthread_mutex_unlock(&admission->lock);
}

void admission_trim(struct admission *admission, struct ticket *ticket, size_t size)
{
    reserve_trim(&ticket->reserve, size);
    if (atomic_load(&admission->count) == 0)
        return;
    pthread_mutex_lock(&admission->lock);
    serve(admission, clock_now());
    pthread_mutex_unlock(&admission->lock);
}

static void take_back(struct admission *admission)
{
    for (struct ticket *ticket = admission->inside.first; ticket; ticket = ticket->next) {
        ticket->slow = ticket->owner->is_slow(ticket->context) ? ticket->slow + 1 : 0;
        if (ticket->slow >= SLOW_SWEEPS)
            reserve_close(&ticket->reserve);
    }
}

static void end_waiting(struct admission *admission, uint64_t now, bool closing)
{
    struct ticket *next;

    for (struct ticket *ticket = admission->queue.first; ticket; ticket = next) {
        next = ticket->next;
        if (closing || now - ticket->since >= admission->patience
            || ticket->owner->is_gone(ticket->context))
            call_in(admission, ticket, TICKET_LATE, now);
    }
}

void admission_sweep(struct admission *admission, uint64_t now, bool closing)
{
    pthread_mutex_lock(&admission->lock);
    take_back(admission);
    serve(admission, now);
    end_waiting(admission, now, closing);
    serve(admission, now);
    if (now > admission->swept) {
        const double rate = (double)admission->left / clock_seconds(now - admission->swept);

        admission->rate += SMOOTH * (rate - admission->rate);
    }
    admission->left = 0;
    admission->swept = now;
    pthread_mutex_unlock(&admission->lock);
}

/* ---- figures ---- */

unsigned admission_wait(struct admission *admission)
{
    double seconds;

    pthread_mutex_lock(&admission->lock);
    seconds = ((double)atomic_load(&admission->count) + 1)
              / (admission->rate > 0.1 ? admission->rate : 0.1);
    pthread_mutex_unlock(&admission->lock);
    return seconds >= LONGEST_WAIT ? LONGEST_WAIT : (unsigned)seconds + 1;
}

size_t admission_queued(struct admission *admission)
{
    return atomic_load(&admission->count);
}
