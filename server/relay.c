/* relay.c - two buffers between an event loop and a thread. */
#include "server/relay.h"

#include <string.h>

/* ENOUGH bytes are worth waking a thread.  At PLENTY the connection is held if more of the body is
 * sure to come, at TOO_MUCH in any case. */
#define ENOUGH ((size_t)64 << 10)
#define PLENTY ((size_t)192 << 10)
#define TOO_MUCH ((size_t)1 << 20)

/* ---- the buffers ---- */

/* Room for `length` more bytes in the buffer that is being filled.  It grows by doubling, so that
 * short bodies take little. */
static bool reserve(struct relay *relay, size_t length)
{
    const unsigned which = relay->filling;
    const size_t wanted = relay->length + length + BUDGET_OVERHEAD, old = relay->size[which];
    size_t size = old > 0 ? old : ENOUGH / 4;
    void *grown;

    while (size < wanted)
        size *= 2;
    if (size == old)
        return true;
    if (!reserve_take(relay->reserve, size - old))
        return false;
    grown = old > 0 ? budget_resize(relay->reserve->budget, relay->buffer[which], old, size)
                    : budget_alloc(relay->reserve->budget, size);
    if (!grown) {
        reserve_give(relay->reserve, size - old);
        return false;
    }
    relay->buffer[which] = grown;
    relay->size[which] = size;
    return true;
}

static void release(struct relay *relay)
{
    for (int i = 0; i < 2; i++) {
        if (!relay->buffer[i])
            continue;
        reserve_give(relay->reserve, relay->size[i]);
        budget_free(relay->reserve->budget, relay->buffer[i], relay->size[i]);
        relay->buffer[i] = NULL;
        relay->size[i] = 0;
    }
}

/* ---- the thread's side ---- */

/* Nothing more is fed or finished. */
static bool is_over(const struct relay *relay)
{
    return relay->starved || relay->refused || relay->done;
}

static void resume(struct relay *relay)
{
    if (relay->held)
        relay->owner->resume(relay->context);
    relay->held = false;
}

/* Feed what was copied so far.  The lock is held on entry and exit, but not while feeding. */
static void feed(struct relay *relay)
{
    const char *bytes = relay->buffer[relay->filling];
    const size_t length = relay->length;
    bool good;

    relay->filling = !relay->filling;
    relay->length = 0;
    if (!relay->ended)
        resume(relay);
    pthread_mutex_unlock(&relay->lock);
    good = relay->owner->feed(relay->context, bytes, length);
    pthread_mutex_lock(&relay->lock);
    relay->refused |= !good;
}

static void finish(struct relay *relay)
{
    release(relay); /* scoring may take long, and they are not needed for it */
    pthread_mutex_unlock(&relay->lock);
    relay->owner->finish(relay->context);
    pthread_mutex_lock(&relay->lock);
    relay->done = true;
}

static void run(struct job *job)
{
    struct relay *relay = (struct relay *)(void *)job; /* the job is its first member */

    pthread_mutex_lock(&relay->lock);
    while (!relay->left && !is_over(relay)) {
        if (relay->length > 0)
            feed(relay);
        else if (relay->ended)
            finish(relay);
        else
            break;
    }
    if (relay->left) {
        void *context = relay->context;
        void (*gone)(void *) = relay->owner->gone;

        pthread_mutex_unlock(&relay->lock);
        pthread_mutex_destroy(&relay->lock);
        release(relay);
        gone(context);
        return;
    }
    relay->running = false;
    resume(relay);
    pthread_mutex_unlock(&relay->lock);
}

/* ---- the event loop's side ---- */

void relay_init(struct relay *relay, struct executor *executor, struct reserve *reserve,
                const struct relay_owner *owner, void *context)
{
    *relay = (struct relay){.job.run = run,
                            .executor = executor,
                            .reserve = reserve,
                            .owner = owner,
                            .context = context};
    pthread_mutex_init(&relay->lock, NULL);
}

static void hold(struct relay *relay)
{
    if (!relay->held)
        relay->owner->hold(relay->context);
    relay->held = true;
}

/* Make a thread look at the relay.  Posting waits for the end of the lock, because without threads
 * the job runs at once. */
static bool wants_thread(struct relay *relay)
{
    const bool wanted = !relay->running && (relay->ended || relay->length >= ENOUGH);

    relay->running |= wanted;
    return wanted;
}

static enum relay_state state_of(const struct relay *relay)
{
    if (relay->starved || relay->refused)
        return relay->starved ? RELAY_STARVED : RELAY_REFUSED;
    return relay->held ? RELAY_HELD : relay->done ? RELAY_DONE : RELAY_TAKEN;
}

static void add(struct relay *relay, const char *chunk, size_t length)
{
    relay->starved = !reserve(relay, length);
    if (relay->starved)
        return;
    memcpy(relay->buffer[relay->filling] + relay->length, chunk, length);
    relay->length += length;
}

enum relay_state relay_put(struct relay *relay, const char *chunk, size_t length, bool more)
{
    enum relay_state state;
    bool wanted = false;

    pthread_mutex_lock(&relay->lock);
    if (!is_over(relay))
        add(relay, chunk, length);
    if (!is_over(relay)) {
        if (relay->running && relay->length >= (more ? PLENTY : TOO_MUCH))
            hold(relay);
        wanted = wants_thread(relay);
    }
    state = state_of(relay);
    pthread_mutex_unlock(&relay->lock);
    if (wanted)
        executor_post(relay->executor, &relay->job);
    return state;
}

enum relay_state relay_end(struct relay *relay)
{
    enum relay_state state;
    bool wanted = false;

    pthread_mutex_lock(&relay->lock);
    relay->ended = true;
    if (!is_over(relay) || relay->running) {
        hold(relay); /* before a thread could want to resume it */
        wanted = !is_over(relay) && wants_thread(relay);
        state = RELAY_HELD;
    } else {
        state = state_of(relay);
    }
    pthread_mutex_unlock(&relay->lock);
    if (wanted)
        executor_post(relay->executor, &relay->job);
    return state;
}

bool relay_is_busy(struct relay *relay)
{
    bool busy;

    pthread_mutex_lock(&relay->lock);
    busy = relay->running;
    pthread_mutex_unlock(&relay->lock);
    return busy;
}

bool relay_leave(struct relay *relay)
{
    bool idle;

    pthread_mutex_lock(&relay->lock);
    relay->left = true;
    idle = !relay->running;
    pthread_mutex_unlock(&relay->lock);
    if (!idle)
        return false;
    release(relay);
    pthread_mutex_destroy(&relay->lock);
    return true;
}
