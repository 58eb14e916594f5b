/* test_drain.c - the end of the process: what was begun is finished. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

START_TEST(a_drain_lets_requests_finish)
{
    struct service service;
    static char answer[1 << 14];
    int slow, probe, other;

    service_start(&service, NULL);
    slow = dial(&service);
    probe = dial(&service);
    say(slow, POST "Content-Length: 33\r\n\r\n{");
    other = dial(&service);
    say(other, "GET /v2/health/read");
    say(probe, "GET /read"); /* a head that is half in is a request, too */
    pause_ms(300);
    kill(service.pid, SIGTERM);
    pause_ms(300);
    say(probe, "yz HTTP/1.1\r\n" HOST "\r\n");
    hear_until(probe, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 503 && strstr(answer, "\"code\":\"draining\"")
                      && strstr(answer, "Retry-After: "),
                  "%s", answer);
    say(other, "y HTTP/1.1\r\n" HOST "\r\n");
    hear_until(other, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 503
                      && strstr(answer, "{\"ready\":false,\"live\":true,\"error\":\"")
                      && strstr(answer, "Retry-After: "),
                  "%s", answer);
    say(slow, BODY + 1);
    hear_until(slow, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 200 && strstr(answer, "Connection: close"), "%s", answer);
    close(slow);
    close(probe);
    close(other);
    ck_assert_int_eq(service_wait(&service), 0);
}
END_TEST

/* Half a head is all there is: it is waited for. */
START_TEST(a_drain_waits_for_half_a_head)
{
    struct service service;
    static char answer[1 << 14];
    int fd;

    service_start(&service, NULL);
    fd = dial(&service);
    say(fd, "POST /v1/sc");
    pause_ms(200);
    kill(service.pid, SIGTERM);
    pause_ms(600);
    say(fd, &WHOLE[strlen("POST /v1/sc")]);
    hear_until(fd, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 200 && strstr(answer, "Connection: close"), "%s", answer);
    close(fd);
    ck_assert_int_eq(service_wait(&service), 0);
}
END_TEST

START_TEST(a_late_request_of_a_drain_is_503)
{
    struct service service;
    static char answer[1 << 14];
    int slow, late;

    service_start(&service, (const char *const[]){"--drain-time", "2s", NULL});
    slow = dial(&service);
    late = dial(&service);
    say(slow, POST "Content-Length: 33\r\n\r\n{");
    say(late, "P");
    pause_ms(200);
    kill(service.pid, SIGTERM);
    pause_ms(1300);
    say(late, &WHOLE[1]);
    hear_until(late, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 503 && strstr(answer, "\"code\":\"draining\""), "%s",
                  answer);
    close(slow);
    close(late);
    ck_assert_int_eq(service_wait(&service), 0);
}
END_TEST

START_TEST(a_second_signal_ends_at_once)
{
    struct service service;
    int slow, status = 0;

    service_start(&service, NULL);
    slow = dial(&service);
    say(slow, POST "Content-Length: 33\r\n\r\n{");
    pause_ms(200);
    kill(service.pid, SIGTERM);
    pause_ms(200);
    ck_assert_int_eq(waitpid(service.pid, &status, WNOHANG), 0);
    kill(service.pid, SIGTERM);
    for (int n = 0; n < 200 && waitpid(service.pid, &status, WNOHANG) == 0; n++)
        pause_ms(10);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    close(service.errors);
    close(slow);
}
END_TEST

/* ---- work that is longer than the drain ---- */

#define LINE_OF_WORK_LIST "{},{},{},{},{},{},{},{},{},{}"
#define TEN(text) text text text text text text text text text text

/* A line of NDJSON that takes some tenths of a second. */
static const char line_of_work[] =
    "{\"bootstrap\":{\"samples\":99000},\"per_token\":false,\"logprobs\":[-1],\"sequences\":[" TEN(
        LINE_OF_WORK_LIST ",") "{}]}\n";

/* Ask for so many of them; the answer is not waited for. */
static int ask_for_work(const struct service *service, size_t lines)
{
    const int fd = dial(service);
    char head[256];

    snprintf(head, sizeof head,
             "POST /v1/score HTTP/1.1\r\n" HOST "Content-Type: application/x-ndjson\r\n"
             "Content-Length: %zu\r\n\r\n",
             lines * strlen(line_of_work));
    say(fd, head);
    for (size_t i = 0; i < lines; i++)
        say(fd, line_of_work);
    pause_ms(300);
    return fd;
}

/* How long the end takes, in milliseconds; whether it is a good one must be as said.  (A sanitizer
 * has a status of its own for threads that nobody joined.) */
static long time_end(struct service *service, int status)
{
    struct timespec start, end;

    clock_gettime(CLOCK_MONOTONIC, &start);
    ck_assert_int_eq(service_wait(service) != 0, status);
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000;
}

START_TEST(a_drain_does_not_wait_for_work_past_its_time)
{
    struct service service;
    char path[] = "/tmp/logitd-log-XXXXXX", *log;
    size_t length;
    int fd;

    close(mkstemp(path));
    service_start_logging(&service, path, (const char *const[]){"--drain-time", "500ms", NULL});
    fd = ask_for_work(&service, 100);
    kill(service.pid, SIGTERM);
    ck_assert_int_lt(time_end(&service, 0), 3000);
    close(fd);
    log = file_load(path, &length); /* what there was to say was said */
    ck_assert_msg(strstr(log, "--drain-time is over: 1 requests in flight"), "%s", log);
    free(log);
    unlink(path);
}
END_TEST

/* ---- --drain-delay ---- */

#define READY "GET /readyz HTTP/1.1\r\n" HOST "\r\n"

START_TEST(a_delay_serves_on_but_is_not_ready)
{
    struct service service;
    static char answer[1 << 14];
    int kept, late;

    service_start(&service, (const char *const[]){"--drain-delay", "1500ms", NULL});
    kept = dial(&service);
    say(kept, WHOLE);
    hear_until(kept, answer, sizeof answer, NULL);
    ck_assert_int_eq(ask(&service, READY, answer, sizeof answer), 200);
    kill(service.pid, SIGTERM);
    pause_ms(100);
    ck_assert_int_eq(ask(&service, READY, answer, sizeof answer), 503);
    for (int n = 0; n < 10; n++) { /* old connections and new ones, answered and kept */
        say(kept, WHOLE);
        hear_until(kept, answer, sizeof answer, NULL);
        ck_assert_msg(status_in(answer) == 200 && !strstr(answer, "Connection: close"), "%s",
                      answer);
        ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
        pause_ms(50);
    }
    late = dial(&service);
    say(late, POST "Content-Length: 33\r\n\r\n{");
    pause_ms(1500);
    say(late, BODY + 1);
    hear_until(late, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 200 && strstr(answer, "Connection: close"), "%s", answer);
    close(kept);
    close(late);
    ck_assert_int_lt(time_end(&service, 0), 3000);
}
END_TEST

/* What is under way when signals come, and how fast the process is gone then. */
static const struct {
    const char *delay, *time;
    int signals[3], pause_ms, status;
} ends[] = {
    {"1h", "1h", {SIGTERM, SIGTERM}, 200, 1}, /* in the delay */
    {"1h", "1h", {SIGTERM, SIGINT}, 200, 1},
    {"1h", "1h", {SIGTERM, SIGINT}, 0, 1},   /* at once; two of a kind could be one */
    {"0s", "1h", {SIGTERM, SIGINT}, 20, 1},  /* while the listener closes */
    {"0s", "1h", {SIGINT, SIGTERM}, 400, 1}, /* in the drain */
    {"1h", "100ms", {SIGINT}, 0, 0},         /* at a terminal nobody balances */
};

START_TEST(a_second_signal_ends_at_once_wherever_it_is)
{
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct service service;
        int fd;

        service_start(&service, (const char *const[]){"--drain-delay", ends[i].delay,
                                                      "--drain-time", ends[i].time, NULL});
        fd = ask_for_work(&service, 100);
        for (size_t n = 0; ends[i].signals[n]; n++) {
            kill(service.pid, ends[i].signals[n]);
            pause_ms(ends[i].pause_ms);
        }
        ck_assert_msg(time_end(&service, ends[i].status) < 10000, "row %zu", i);
        close(fd);
    }
}
END_TEST

#define CLIENTS 8

struct loader {
    pthread_t thread;
    const struct service *service;
    int answered, bad;
};

/* Post until nobody takes connections any more. */
static void *load(void *context)
{
    struct loader *loader = context;
    static _Thread_local char answer[1 << 14];

    for (;;) {
        const int fd = dial(loader->service);

        if (fd < 0)
            return NULL;
        say(fd, WHOLE);
        hear_until(fd, answer, sizeof answer, "}}}\n");
        close(fd);
        if (answer[0] == '\0')
            return NULL; /* closed before any byte: it was never read */
        loader->answered++;
        loader->bad += status_in(answer) != 200 || !strstr(answer, "\"totals\"");
    }
}

START_TEST(a_drain_under_load_loses_nothing)
{
    struct service service;
    struct loader loaders[CLIENTS] = {0};
    int answered = 0;

    service_start(&service, NULL);
    for (size_t i = 0; i < CLIENTS; i++) {
        loaders[i].service = &service;
        ck_assert_int_eq(pthread_create(&loaders[i].thread, NULL, load, &loaders[i]), 0);
    }
    pause_ms(500);
    ck_assert_int_eq(service_stop(&service), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(loaders[i].thread, NULL);
        ck_assert_int_eq(loaders[i].bad, 0);
        answered += loaders[i].answered;
    }
    ck_assert_int_gt(answered, CLIENTS);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_drain_lets_requests_finish,
                                  a_drain_waits_for_half_a_head,
                                  a_late_request_of_a_drain_is_503,
                                  a_second_signal_ends_at_once,
                                  a_drain_does_not_wait_for_work_past_its_time,
                                  a_delay_serves_on_but_is_not_ready,
                                  a_second_signal_ends_at_once_wherever_it_is,
                                  a_drain_under_load_loses_nothing,
                                  NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("drain", tests);
}
