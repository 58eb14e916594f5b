/* relay.h - the way of a long request from the event loop to a thread of the executor.
 *
 * An event loop serves many connections, so it must not compute for long.  It copies the body of a
 * long request into a buffer, while a thread works through the one that was filled before.  Where
 * the thread falls behind, the connection is held: the loop reads no more of it until a buffer is
 * free again.  The end of the body, and the answer, are computed on the thread likewise.
 *
 *     relay_put    for each piece of the body     \
 *     relay_end    when all of the body has come   > called by the event loop
 *     relay_leave  when the request is over       /
 *
 * The event loop and the thread take turns with what the owner keeps: feed() and finish() run on
 * the thread only, and the loop looks at their results after RELAY_DONE or RELAY_REFUSED. */
#ifndef SERVER_RELAY_H
#define SERVER_RELAY_H

#include "core/arena.h"
#include "server/executor.h"

/* What belongs to the owner of a relay, for its whole life. */
struct relay_owner {
    bool (*feed)(void *context, const char *bytes, size_t length); /* false: refused */
    void (*finish)(void *context);                                 /* all of the body was fed */
    void (*hold)(void *context);   /* read no more of the connection, and call nothing ... */
    void (*resume)(void *context); /* ... until now; on any thread, with the relay locked */
    void (*gone)(void *context);   /* relay_leave() was called while the thread was busy; it is
                                      not now, and does not look at the relay any more */
};

enum relay_state {
    RELAY_TAKEN,   /* the piece was copied; go on */
    RELAY_HELD,    /* likewise, but the connection is held until resume() */
    RELAY_DONE,    /* finish() has run */
    RELAY_REFUSED, /* feed() has returned false: what comes may be thrown away */
    RELAY_STARVED, /* there was no memory for a copy; likewise */
};

struct relay {
    struct job job;
    struct executor *executor;
    struct reserve *reserve; /* the buffers are charged to it */
    const struct relay_owner *owner;
    void *context; /* of the owner's functions */

    pthread_mutex_t lock; /* over what follows */
    char *buffer[2];
    size_t size[2];   /* of their blocks */
    size_t length;    /* bytes in the buffer that is being filled */
    unsigned filling; /* which one that is */
    bool running;     /* a thread is at work, or will be */
    bool held, ended, done, refused, starved, left;
};

void relay_init(struct relay *relay, struct executor *executor, struct reserve *reserve,
                const struct relay_owner *owner, void *context);

/* `more`: whether the body surely goes on behind this piece. */
enum relay_state relay_put(struct relay *relay, const char *chunk, size_t length, bool more);

/* RELAY_HELD while a thread is at work: after resume() call it again.  Else what came of it, and
 * what belongs to the owner is the event loop's again. */
enum relay_state relay_end(struct relay *relay);

/* Whether a thread is at work, so that what belongs to the owner is its. */
bool relay_is_busy(struct relay *relay);

/* Give everything back.  False where a thread is still busy: it calls owner->gone() soon. */
bool relay_leave(struct relay *relay);

#endif
