/* executor.h - threads that run long work, so that no event loop has to.
 *
 * Threads start when there is work for them, up to a limit, and end when there has been none for a
 * while.  Work beyond the limit waits in a queue, first come, first served.  They have a lower
 * priority than who posts the work, who does not wait until one of them has a processor. */
#ifndef SERVER_EXECUTOR_H
#define SERVER_EXECUTOR_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

/* A piece of work.  It belongs to the caller, who may free it as soon as run() has been called:
 * the executor does not look at it afterwards. */
struct job {
    struct job *next; /* used by the executor */
    void (*run)(struct job *job);
};

struct executor {
    pthread_mutex_t lock;
    sem_t wake;          /* there is a job, or it is time to leave */
    pthread_cond_t left; /* a thread has ended */
    struct job *first, *last;
    size_t waiting; /* jobs in the queue */
    size_t threads, idle;
    size_t called; /* of those that are idle: how often `wake` was posted and not taken */
    size_t most;   /* threads */
    bool stopping;
};

/* `most` is at least 1.  No thread is started yet. */
void executor_init(struct executor *executor, size_t most);

/* Run a job on a thread of the executor.  Where there is none and none can be made, it runs on the
 * caller's: late is better than never. */
void executor_post(struct executor *executor, struct job *job);

/* Wait until every job has run and every thread has ended. */
void executor_stop(struct executor *executor);

#endif
