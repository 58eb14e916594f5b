/* test_drain.c - the end of the process: what was begun is finished. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
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
    const TTest *const tests[] = {a_drain_lets_requests_finish,     a_drain_waits_for_half_a_head,
                                  a_late_request_of_a_drain_is_503, a_second_signal_ends_at_once,
                                  a_drain_under_load_loses_nothing, NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("drain", tests);
}
