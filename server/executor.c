/* executor.c - a pool of threads and its queue. */
#include "server/executor.h"

#include "server/clock.h"

#include <errno.h>

/* How long a thread waits for work before it ends. */
#define LINGER (5 * SECOND)

void executor_init(struct executor *executor, size_t most)
{
    pthread_condattr_t attributes;

    *executor = (struct executor){.most = most};
    pthread_mutex_init(&executor->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&executor->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_cond_init(&executor->left, NULL);
}

static struct job *take(struct executor *executor)
{
    struct job *job = executor->first;

    executor->first = job->next;
    if (!executor->first)
        executor->last = NULL;
    executor->waiting--;
    return job;
}

/* Wait, with the lock held, until there is a job; false where the thread should end. */
static bool wait_for_job(struct executor *executor)
{
    const struct timespec end = clock_span(clock_now() + LINGER);
    int status = 0;

    executor->idle++;
    while (!executor->first && !executor->stopping && status != ETIMEDOUT)
        status = pthread_cond_timedwait(&executor->wake, &executor->lock, &end);
    executor->idle--;
    return executor->first != NULL;
}

static void *serve(void *context)
{
    struct executor *executor = context;

    pthread_mutex_lock(&executor->lock);
    while (executor->first || wait_for_job(executor)) {
        struct job *job = take(executor);

        pthread_mutex_unlock(&executor->lock);
        job->run(job);
        pthread_mutex_lock(&executor->lock);
    }
    executor->threads--;
    pthread_cond_signal(&executor->left);
    pthread_mutex_unlock(&executor->lock);
    return NULL;
}

static bool start_thread(struct executor *executor)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool started;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    started = pthread_create(&thread, &attributes, serve, executor) == 0;
    pthread_attr_destroy(&attributes);
    executor->threads += started;
    return started;
}

static void append(struct executor *executor, struct job *job)
{
    job->next = NULL;
    if (executor->last)
        executor->last->next = job;
    else
        executor->first = job;
    executor->last = job;
    executor->waiting++;
}

void executor_post(struct executor *executor, struct job *job)
{
    bool taken = true;

    pthread_mutex_lock(&executor->lock);
    if (executor->idle <= executor->waiting && executor->threads < executor->most)
        taken = start_thread(executor) || executor->threads > 0;
    if (taken) {
        append(executor, job);
        pthread_cond_signal(&executor->wake);
    }
    pthread_mutex_unlock(&executor->lock);
    if (!taken)
        job->run(job);
}

void executor_stop(struct executor *executor)
{
    pthread_mutex_lock(&executor->lock);
    executor->stopping = true;
    pthread_cond_broadcast(&executor->wake);
    while (executor->threads > 0)
        pthread_cond_wait(&executor->left, &executor->lock);
    pthread_mutex_unlock(&executor->lock);
    pthread_cond_destroy(&executor->wake);
    pthread_cond_destroy(&executor->left);
    pthread_mutex_destroy(&executor->lock);
}
