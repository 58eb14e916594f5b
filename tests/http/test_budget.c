/* test_budget.c - --max-memory: what is answered when it is spent, and what goes back after it. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KIB ((size_t)1024)

/* Bodies that hold memory until they end: a string of `length` bytes that is not closed. */
static char *open_body(size_t length)
{
    static const char format[] = POST "Content-Length: 100000000\r\n\r\n{\"model\":\"m\",\"x\":\"";
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
    static const size_t sizes[] = {400, 400, 400, 100, 100, 30, 30, 6, 6, 3};
    struct service service;
    int fds[COUNT(sizes)];

    service_start(&service, (const char *const[]){"--max-memory", "2MiB", NULL});
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
    char *body = open_body(4000 * KIB);
    static char answer[1 << 14];
    long start, most, end = 0;
    int fds[20];

    service_start(&service, NULL);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    start = resident(&service);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(&service);
        say(fds[i], body);
    }
    pause_ms(500);
    most = resident(&service);
    ck_assert_int_gt(most, start + 40000);
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
    const TTest *const tests[] = {operators_have_memory_of_their_own, idle_memory_goes_back, NULL};

    return suite_main("budget", tests);
}
