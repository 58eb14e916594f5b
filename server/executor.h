/* executor.h - threads that run long work, so that no event loop has to.
 *
 * Threads start when there is work, up to a limit, and end when there has been none for a while.
 * Further work waits in a queue, first come, first served.  The threads have a lower priority than
 * the event loops that post the work; posting does not wait for a thread to run. */
#ifndef SERVER_EXECUTOR_H
#define SERVER_EXECUTOR_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>

/* A piece of work.  It belongs to the caller.  run() may free it: the executor does not use it
 * afterwards. */
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

/* Run a job on a thread of the executor.  Where there is no thread and none can be made, it runs on
 * the caller's. */
void executor_post(struct executor *executor, struct job *job);

/* Wait until every job has run and every thread has ended. */
void executor_stop(struct executor *executor);

#endif
