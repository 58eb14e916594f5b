/* test_relay.c - long requests are computed on threads, piece by piece and in order. */
#include "server/relay.h"
#include "tests/unit/suite.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* ---- the executor ---- */

struct count {
    struct job job;
    sem_t *go;
    atomic_int *ran;
};

static void count_run(struct job *job)
{
    struct count *count = (struct count *)(void *)job;

    if (count->go)
        sem_wait(count->go);
    atomic_fetch_add(count->ran, 1);
}

START_TEST(every_job_runs_once_whatever_the_threads)
{
    static struct count jobs[200];
    atomic_int ran = 0;

    for (size_t most = 1; most <= 8; most++) {
        struct executor executor;

        atomic_store(&ran, 0);
        executor_init(&executor, most);
        for (size_t i = 0; i < COUNT(jobs); i++) {
            jobs[i] = (struct count){.job.run = count_run, .ran = &ran};
            executor_post(&executor, &jobs[i].job);
        }
        executor_stop(&executor);
        ck_assert_int_eq(atomic_load(&ran), COUNT(jobs));
    }
}
END_TEST

static void count_lower(struct job *job)
{
    struct count *count = (struct count *)(void *)job;

    atomic_store(count->ran, getpriority(PRIO_PROCESS, 0));
}

/* Computing is done with a lower priority than serving.  (19 is the lowest.) */
START_TEST(threads_step_back_behind_who_posts)
{
    const int own = getpriority(PRIO_PROCESS, 0);
    struct executor executor;
    atomic_int priority = own;
    struct count job = {.job.run = count_lower, .ran = &priority};

    executor_init(&executor, 1);
    executor_post(&executor, &job.job);
    executor_stop(&executor);
    ck_assert(own == 19 || atomic_load(&priority) > own);
    ck_assert_int_eq(getpriority(PRIO_PROCESS, 0), own);
}
END_TEST

/* Threads that wait for work are called for each piece of it, and once more to leave. */
START_TEST(idle_threads_are_called)
{
    static struct count jobs[6];
    struct executor executor;
    atomic_int ran = 0;
    sem_t go;

    sem_init(&go, 0, 0);
    executor_init(&executor, 3);
    for (int round = 1; round <= 50; round++) {
        for (size_t i = 0; i < COUNT(jobs); i++) {
            jobs[i] = (struct count){.job.run = count_run, .go = &go, .ran = &ran};
            executor_post(&executor, &jobs[i].job);
        }
        for (size_t i = 0; i < COUNT(jobs); i++)
            sem_post(&go);
        while (atomic_load(&ran) < round * (int)COUNT(jobs))
            usleep(100);
    }
    executor_stop(&executor);
    sem_destroy(&go);
}
END_TEST

START_TEST(a_job_does_not_wait_for_another_while_threads_are_left)
{
    struct executor executor;
    atomic_int ran = 0;
    sem_t go;
    struct count blocked[3], last = {.job.run = count_run, .ran = &ran};

    sem_init(&go, 0, 0);
    executor_init(&executor, 4);
    for (size_t i = 0; i < COUNT(blocked); i++) {
        blocked[i] = (struct count){.job.run = count_run, .go = &go, .ran = &ran};
        executor_post(&executor, &blocked[i].job);
    }
    executor_post(&executor, &last.job);
    for (int i = 0; i < 5000 && atomic_load(&ran) == 0; i++)
        usleep(1000);
    ck_assert_int_eq(atomic_load(&ran), 1);
    ck_assert_uint_le(executor.threads, 4);
    for (size_t i = 0; i < COUNT(blocked); i++)
        sem_post(&go);
    executor_stop(&executor);
    ck_assert_int_eq(atomic_load(&ran), 4);
    sem_destroy(&go);
}
END_TEST

/* ---- the relay ---- */

#define BODY ((size_t)4 << 20)

/* An owner that keeps what it is fed. */
struct owner {
    struct relay relay;
    struct reserve reserve;
    char *fed;
    size_t length, refuse_at; /* SIZE_MAX: refuse nothing */
    bool finished;
    atomic_int holds, resumes;
    atomic_bool gone;
    sem_t resumed;
};

static bool owner_feed(void *context, const char *bytes, size_t length)
{
    struct owner *owner = context;

    memcpy(owner->fed + owner->length, bytes, length);
    owner->length += length;
    return owner->length < owner->refuse_at;
}

static void owner_finish(void *context)
{
    ((struct owner *)context)->finished = true;
}

static void owner_hold(void *context)
{
    atomic_fetch_add(&((struct owner *)context)->holds, 1);
}

static void owner_resume(void *context)
{
    struct owner *owner = context;

    atomic_fetch_add(&owner->resumes, 1);
    sem_post(&owner->resumed);
}

static void owner_gone(void *context)
{
    atomic_store(&((struct owner *)context)->gone, true);
}

static const struct relay_owner functions = {owner_feed, owner_finish, owner_hold, owner_resume,
                                             owner_gone};

static struct owner *owner_new(struct executor *executor, struct budget *budget)
{
    struct owner *owner = calloc(1, sizeof *owner);

    owner->fed = malloc(BODY);
    owner->refuse_at = SIZE_MAX;
    sem_init(&owner->resumed, 0, 0);
    owner->reserve.budget = budget;
    relay_init(&owner->relay, executor, &owner->reserve, &functions, owner);
    return owner;
}

static void owner_free(struct owner *owner)
{
    sem_destroy(&owner->resumed);
    free(owner->fed);
    free(owner);
}

/* Put all of a body, as an event loop would; the state at its end. */
static enum relay_state put_all(struct owner *owner, const char *body, size_t length, size_t chunk)
{
    enum relay_state state = RELAY_TAKEN;

    for (size_t at = 0; at < length; at += chunk) {
        const size_t left = length - at, taken = chunk < left ? chunk : left;

        state = relay_put(&owner->relay, body + at, taken, taken < left);
        if (state == RELAY_HELD)
            sem_wait(&owner->resumed);
    }
    while ((state = relay_end(&owner->relay)) == RELAY_HELD)
        sem_wait(&owner->resumed);
    return state;
}

static char *make_body(void)
{
    char *body = malloc(BODY);

    for (size_t i = 0; i < BODY; i++)
        body[i] = (char)(i * 2654435761U >> 13);
    return body;
}

START_TEST(what_is_put_is_fed_in_order_and_given_back)
{
    static const size_t lengths[] = {0, 1, 20000, 65536, 300000, BODY};
    static const size_t pieces[] = {1021, 49152, 98304};
    struct executor executor;
    struct budget budget = {.limit = BODY};
    char *body = make_body();

    executor_init(&executor, 2);
    for (size_t i = 0; i < COUNT(lengths) * COUNT(pieces); i++) {
        struct owner *owner = owner_new(&executor, &budget);
        const size_t length = lengths[i / COUNT(pieces)];

        ck_assert_int_eq(put_all(owner, body, length, pieces[i % COUNT(pieces)]), RELAY_DONE);
        ck_assert(owner->finished && owner->length == length);
        ck_assert(memcmp(owner->fed, body, length) == 0);
        ck_assert_int_eq(atomic_load(&owner->holds), atomic_load(&owner->resumes));
        ck_assert(relay_leave(&owner->relay));
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
        owner_free(owner);
    }
    executor_stop(&executor);
    free(body);
}
END_TEST

START_TEST(a_refusal_is_told_and_the_rest_is_not_fed)
{
    struct executor executor;
    struct budget budget = {.limit = BODY};
    char *body = make_body();
    struct owner *owner = owner_new(&executor, &budget);

    executor_init(&executor, 1);
    owner->relay.executor = &executor;
    owner->refuse_at = 100000;
    ck_assert_int_eq(put_all(owner, body, BODY, 49152), RELAY_REFUSED);
    ck_assert(!owner->finished && owner->length < BODY / 2);
    ck_assert(relay_leave(&owner->relay));
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
    owner_free(owner);
    executor_stop(&executor);
    free(body);
}
END_TEST

START_TEST(without_memory_for_a_copy_it_is_starved)
{
    struct executor executor;
    struct budget budget = {.limit = 1000};
    struct owner *owner = owner_new(&executor, &budget);
    char chunk[100] = "";

    executor_init(&executor, 1);
    ck_assert_int_eq(put_all(owner, chunk, sizeof chunk, 100), RELAY_STARVED);
    ck_assert(!owner->finished && owner->length == 0);
    ck_assert(relay_leave(&owner->relay));
    owner_free(owner);
    executor_stop(&executor);
}
END_TEST

/* Whenever the client goes, the owner is freed once, and by one of them. */
START_TEST(leaving_while_a_thread_is_busy_is_safe)
{
    struct executor executor;
    struct budget budget = {.limit = BODY};
    char *body = make_body();

    executor_init(&executor, 2);
    for (int i = 0; i < 300; i++) {
        struct owner *owner = owner_new(&executor, &budget);

        relay_put(&owner->relay, body, 70000, true);
        if (i % 3 == 0)
            usleep(10U * (unsigned)i);
        if (!relay_leave(&owner->relay))
            while (!atomic_load(&owner->gone))
                usleep(10);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
        owner_free(owner);
    }
    executor_stop(&executor);
    free(body);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_job_runs_once_whatever_the_threads,
                                  a_job_does_not_wait_for_another_while_threads_are_left,
                                  threads_step_back_behind_who_posts,
                                  idle_threads_are_called,
                                  what_is_put_is_fed_in_order_and_given_back,
                                  a_refusal_is_told_and_the_rest_is_not_fed,
                                  without_memory_for_a_copy_it_is_starved,
                                  leaving_while_a_thread_is_busy_is_safe,
                                  NULL};

    return suite_main("relay", tests);
}
