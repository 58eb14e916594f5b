/* executor.c - a pool of threads and its queue. */
#include "server/executor.h"

#include "server/clock.h"

#include <errno.h>
#include <sys/resource.h>

/* How long a thread waits for work before it ends. */
#define LINGER (5 * SECOND)

/* Event loops have the processor first, so that a probe does not wait for each of many threads. (In
 * Linux each thread has a priority.) */
#define LOWER 10

void executor_init(struct executor *executor, size_t most)
{
    *executor = (struct executor){.most = most};
    pthread_mutex_init(&executor->lock, NULL);
    sem_init(&executor->wake, 0, 0);
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

/* Wake a thread.  sem_post() never waits; pthread_cond_signal() may wait until threads that were
 * woken before have run, and the caller is an event loop. */
static void call(struct executor *executor)
{
    if (executor->called >= executor->idle)
        return;
    executor->called++;
    sem_post(&executor->wake);
}

/* The lock is held, and let go meanwhile.  False where nobody called. */
static bool wait_for_call(struct executor *executor, const struct timespec *end)
{
    bool called;

    pthread_mutex_unlock(&executor->lock);
    called = sem_clockwait(&executor->wake, CLOCK_MONOTONIC, end) == 0;
    pthread_mutex_lock(&executor->lock);
    executor->called -= called;
    return called || errno == EINTR;
}

/* Wait, with the lock held, until there is a job; false where the thread should end. */
static bool wait_for_job(struct executor *executor)
{
    const struct timespec end = clock_span(clock_now() + LINGER);
    bool in_time = true;

    executor->idle++;
    while (!executor->first && !executor->stopping && in_time)
        in_time = wait_for_call(executor, &end);
    executor->idle--;
    return executor->first != NULL;
}

static void *serve(void *context)
{
    struct executor *executor = context;

    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + LOWER);
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
        call(executor);
    }
    pthread_mutex_unlock(&executor->lock);
    if (!taken)
        job->run(job);
}

void executor_stop(struct executor *executor)
{
    pthread_mutex_lock(&executor->lock);
    executor->stopping = true;
    for (size_t i = 0; i < executor->idle; i++)
        call(executor);
    while (executor->threads > 0)
        pthread_cond_wait(&executor->left, &executor->lock);
    pthread_mutex_unlock(&executor->lock);
    sem_destroy(&executor->wake);
    pthread_cond_destroy(&executor->left);
    pthread_mutex_destroy(&executor->lock);
}
