/* relay.h - hands the body of a long request from the event loop to a thread, by two buffers.
 *
 * An event loop serves many connections, so it must not compute for long.  It copies the body of a
 * long request into one buffer, while a thread of the executor works through the other.  Where the
 * thread falls behind, the connection is held: the loop reads no more of it until a buffer is free.
 * The thread also computes the answer when the body is in.
 *
 *     relay_put    for each chunk of the body     \
 *     relay_end    when all of the body has come   > called by the event loop
 *     relay_leave  when the request is over       /
 *
 * The event loop and the thread take turns with the owner's data: feed() and finish() run only on
 * the thread, and the loop reads their results after RELAY_DONE or RELAY_REFUSED. */
#ifndef SERVER_RELAY_H
#define SERVER_RELAY_H

#include "core/arena.h"
#include "server/executor.h"

/* Callbacks of the owner of a relay. */
struct relay_owner {
    bool (*feed)(void *context, const char *bytes, size_t length); /* false: refused */
    void (*finish)(void *context);                                 /* all of the body was fed */
    void (*hold)(void *context);   /* stop reading from the connection */
    void (*resume)(void *context); /* go on; called on any thread, with the relay locked */
    void (*gone)(void *context);   /* relay_leave() was called while the thread was busy; the
                                      thread is done and does not use the relay any more */
};

enum relay_state {
    RELAY_TAKEN,   /* the chunk was copied; go on */
    RELAY_HELD,    /* likewise, but the connection is held until resume() */
    RELAY_DONE,    /* finish() has run */
    RELAY_REFUSED, /* feed() returned false: the rest of the body may be thrown away */
    RELAY_STARVED, /* memory was missing for a copy: likewise */
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

/* `more`: more of the body is sure to come after this chunk. */
enum relay_state relay_put(struct relay *relay, const char *chunk, size_t length, bool more);

/* RELAY_HELD while a thread works: call it again after resume().  Otherwise the result, and the
 * owner's data belongs to the event loop again. */
enum relay_state relay_end(struct relay *relay);

/* Whether a thread works, so that the owner's data belongs to it. */
bool relay_is_busy(struct relay *relay);

/* Free the buffers.  False where a thread is still busy: it frees them and calls owner->gone(). */
bool relay_leave(struct relay *relay);

#endif
