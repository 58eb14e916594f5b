/* test_budget.c - --max-memory: what is answered when it is spent, and what goes back after it. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KIB ((size_t)1024)

/* Bodies that hold memory until they end: a string of `length` bytes that is not closed. */
static char *open_body(size_t length)
{
    static const char format[] = POST "Content-Length: 65536\r\n\r\n{\"model\":\"m\",\"x\":\"";
    char *text = malloc(sizeof format + length);

    memcpy(text, format, sizeof format - 1);
    memset(text + sizeof format - 1, 'a', length);
    text[sizeof format - 1 + length] = '\0';
    return text;
}

/* What helps an operator is answered when nothing else is, on connections of its own. */
START_TEST(operators_have_memory_of_their_own)
{
    static const char *const pages[] = {
        "/metrics",        "/livez",           "/readyz",          "/version",       "/v2",
        "/openapi.json",   "/v2/health/ready", "/v2/models/stats", "/v1/objectives", "/v1/models",
        "/v2/models/score"};
    static char answer[1 << 19], request[256];
    static const size_t sizes[] = {10, 10, 10, 5, 5, 3, 3, 1, 1, 1};
    struct service service;
    int fds[COUNT(sizes)];

    service_start(&service, (const char *const[]){"--max-memory", "64KiB", NULL});
    for (size_t i = 0; i < COUNT(sizes); i++) { /* until nothing is left */
        char *body = open_body(sizes[i] * KIB);

        fds[i] = dial(&service);
        say(fds[i], body);
        free(body);
        pause_ms(20);
    }
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 503);
    ck_assert_ptr_nonnull(strstr(answer, "no_memory"));
    for (size_t i = 0; i < COUNT(pages); i++) {
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
                 pages[i]);
        ck_assert_msg(ask(&service, request, answer, sizeof answer) == 200, "%s: %.300s", pages[i],
                      answer);
    }
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* The end of the client's side comes in one segment with the request. */
static int ask_at_once(const struct service *service, const char *request, char *answer,
                       size_t size)
{
    const int fd = dial(service);

    ck_assert_int_eq(send(fd, request, strlen(request), MSG_MORE), (ssize_t)strlen(request));
    shutdown(fd, SHUT_WR);
    hear_until(fd, answer, size, NULL);
    close(fd);
    return status_in(answer);
}

/* Where there is no memory for one more body, its request waits, and is answered when there is; a
 * small one goes past it.  What waits too long is answered 503 with a Retry-After. */
START_TEST(bodies_wait_for_memory)
{
    static char answer[1 << 16], head[256], chunks[256], filler[200 * 1024 + 1];
    struct service service;
    int fds[12];
    size_t answered = 0, late = 0;

    service_start(&service,
                  (const char *const[]){"--max-memory", "8MiB", "--queue-time", "2s", NULL});
    snprintf(head, sizeof head, POST "Content-Length: %zu\r\n\r\n" BODY,
             strlen(BODY) + sizeof filler - 1);
    memset(filler, ' ', sizeof filler - 1);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(&service);
        say(fds[i], head);
        pause_ms(10);
    }
    pause_ms(200);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    snprintf(chunks, sizeof chunks, POST "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
             strlen(BODY), BODY);
    ck_assert_int_eq(ask_at_once(&service, chunks, answer, sizeof answer), 200);
    say(fds[0], filler); /* the first one is done, and lets another one in */
    hear_until(fds[0], answer, sizeof answer, NULL);
    ck_assert_int_eq(status_in(answer), 200);
    for (size_t i = 1; i < COUNT(fds); i++) {
        say(fds[i], filler);
        hear_until(fds[i], answer, sizeof answer, NULL);
        answered += status_in(answer) == 200;
    }
    ck_assert_uint_eq(answered, COUNT(fds) - 1);
    for (size_t i = 0; i < COUNT(fds); i++) /* once more, and nobody gets on */
        say(fds[i], head);
    pause_ms(3000);
    for (size_t i = 0; i < COUNT(fds); i++) {
        say(fds[i], filler);
        hear_until(fds[i], answer, sizeof answer, NULL);
        late += status_in(answer) == 503 && strstr(answer, "Retry-After: ")
                && strstr(answer, "--queue-time");
        close(fds[i]);
    }
    ck_assert_uint_gt(late, 3);
    ck_assert_uint_lt(late, COUNT(fds));
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/* Resident memory, in KiB. */
static long resident(const struct service *service)
{
    char path[64], line[128];
    long pages = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)service->pid);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    fclose(file);
    ck_assert_int_eq(sscanf(line, "%*d %ld", &pages), 1);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* What requests held is gone soon after them.  (A sanitizer's allocator keeps what is freed.) */
START_TEST(idle_memory_goes_back)
{
    struct service service;
    char *body = open_body(60 * KIB);
    static char answer[1 << 14];
    long start, most, end = 0;
    int fds[300];

    service_start(&service, NULL);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    start = resident(&service);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(&service);
        say(fds[i], body);
    }
    pause_ms(500);
    most = resident(&service);
    ck_assert_int_gt(most, start + 30000);
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    for (int n = 0; n < 50 && (n == 0 || end > start + 8000); n++) {
        pause_ms(200);
        end = resident(&service);
    }
    ck_assert_msg(is_sanitized() || end <= start + 8000,
                  "%ld KiB at the start, %ld at most, %ld in the end", start, most, end);
    free(body);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {operators_have_memory_of_their_own, bodies_wait_for_memory,
                                  idle_memory_goes_back, NULL};

    return suite_main("budget", tests);
}
