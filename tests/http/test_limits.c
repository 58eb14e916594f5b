/* test_limits.c - sizes, memory, connections and slowness: what is too much, and what is not. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A client that goes on sending still reads the 413. */
START_TEST(bodies_over_the_limit_are_413)
{
    struct service service;
    static char answer[1 << 14], filler[65537];

    memset(filler, ' ', sizeof filler - 1);
    service_start(&service, (const char *const[]){"--max-body", "100000", NULL});
    for (int chunked = 0; chunked < 2; chunked++) {
        const int fd = dial(&service);

        say(fd, chunked ? POST "Transfer-Encoding: chunked\r\n\r\n"
                        : POST "Content-Length: 5000000\r\n\r\n");
        for (int n = 0; n < 40; n++) {
            if (chunked)
                say(fd, "10000\r\n");
            say(fd, filler);
            if (chunked)
                say(fd, "\r\n");
        }
        if (chunked)
            say(fd, "0\r\n\r\n");
        hear_until(fd, answer, sizeof answer, NULL);
        ck_assert_msg(status_in(answer) == 413 && strstr(answer, "--max-body")
                          && strstr(answer, "Connection: close"),
                      "chunked %d: %s", chunked, answer);
        close(fd);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* The limit itself is allowed, one more is not. */
START_TEST(the_limit_is_inclusive)
{
    struct service service;
    static char answer[1 << 14];

    service_start(&service, (const char *const[]){"--max-body", "33", NULL});
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    ck_assert_int_eq(
        ask(&service, POST "Content-Length: 34\r\n\r\n" BODY " ", answer, sizeof answer), 413);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

static const struct {
    const char *flag, *value;
    int status;
    const char *says;
} memories[] = {
    {"--max-request-memory", "64KiB", 413, "--max-request-memory"},
    {"--max-memory", "64KiB", 503, "Retry-After: "},
};

START_TEST(memory_is_limited)
{
    static char body[200000], answer[1 << 14], request[210000];

    memset(body, 'a', sizeof body - 1);
    memcpy(body, "{\"model\":\"", 10);
    memcpy(body + sizeof body - 3, "\"}", 2);
    snprintf(request, sizeof request, POST "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    for (size_t i = 0; i < COUNT(memories); i++) {
        struct service service;

        service_start(&service, (const char *const[]){memories[i].flag, memories[i].value, NULL});
        ck_assert_int_eq(ask(&service, request, answer, sizeof answer), memories[i].status);
        ck_assert_msg(strstr(answer, memories[i].says), "%s", answer);
        ck_assert_int_eq(
            ask(&service, "GET /livez HTTP/1.1\r\n" HOST "\r\n", answer, sizeof answer), 200);
        ck_assert_int_eq(service_stop(&service), 0);
    }
}
END_TEST

START_TEST(too_many_at_once_are_429)
{
    static const char *const quiet[] = {"GET /livez HTTP/1.1\r\n" HOST "\r\n",
                                        "GET /readyz HTTP/1.1\r\n" HOST "\r\n",
                                        "GET /metrics HTTP/1.1\r\n" HOST "\r\n"};
    struct service service;
    static char answer[1 << 17];
    int fd;

    service_start(&service, (const char *const[]){"--max-in-flight", "1", NULL});
    fd = dial(&service);
    say(fd, POST "Content-Length: 33\r\n\r\n{");
    pause_ms(200);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 429);
    ck_assert_ptr_nonnull(strstr(answer, "Retry-After: "));
    for (size_t i = 0; i < COUNT(quiet); i++) /* these are answered all the same */
        ck_assert_int_eq(ask(&service, quiet[i], answer, sizeof answer), 200);
    say(fd, BODY + 1);
    hear_until(fd, answer, sizeof answer, "}}}\n");
    ck_assert_int_eq(status_in(answer), 200);
    close(fd);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Connections that lie still count; a client of one too many reads why, and is not kept. */
START_TEST(one_connection_too_many_is_429)
{
    struct service service;
    static char answer[1 << 14];
    int fds[3];

    service_start(&service, (const char *const[]){"--max-connections", "2", NULL});
    for (size_t i = 0; i < COUNT(fds); i++) {
        const char *close_field = "\r\nConnection: close\r\n";

        fds[i] = dial(&service);
        say(fds[i], WHOLE);
        hear_until(fds[i], answer, sizeof answer, NULL);
        ck_assert_msg(status_in(answer) == (i < 2 ? 200 : 429)
                          && !strstr(answer, close_field) == (i < 2),
                      "%zu: %s", i, answer);
    }
    ck_assert(strstr(answer, "--max-connections") && strstr(answer, "Retry-After: "));
    close(fds[0]);
    close(fds[2]);
    pause_ms(200);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    close(fds[1]);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- one address among others ---- */

#define LIVEZ "GET /livez HTTP/1.1\r\n" HOST "\r\n"

/* A request from an address of its own; its status. */
static int ask_from(const struct service *service, const char *address, const char *request,
                    char *answer, size_t size)
{
    const int fd = dial_from(service, address);

    ck_assert_int_ge(fd, 0);
    say(fd, request);
    hear_until(fd, answer, size, NULL);
    close(fd);
    return status_in(answer);
}

/* More bodies than there may be requests at once, of which a byte each has come. */
START_TEST(bodies_of_one_client_leave_room_for_others)
{
    enum { BODIES = 520 };
    struct service service;
    static char answer[1 << 14];
    static int fds[BODIES];

    service_start(&service, (const char *const[]){"--max-connections-per-client", "0", NULL});
    for (size_t i = 0; i < BODIES; i++) {
        fds[i] = dial(&service);
        say(fds[i], POST "Content-Length: 33\r\n\r\n{");
    }
    pause_ms(300);
    ck_assert_int_eq(ask_from(&service, "127.0.0.2", WHOLE, answer, sizeof answer), 200);
    ck_assert_int_eq(ask_from(&service, "127.0.0.1", WHOLE, answer, sizeof answer), 429);
    ck_assert_msg(strstr(answer, "--max-bodies-per-client") && strstr(answer, "Retry-After: "),
                  "%s", answer);
    say(fds[0], BODY + 1); /* those that were let in are answered, and make room */
    hear_until(fds[0], answer, sizeof answer, NULL);
    ck_assert_int_eq(status_in(answer), 200);
    ck_assert_int_eq(ask_from(&service, "127.0.0.1", WHOLE, answer, sizeof answer), 200);
    for (size_t i = 0; i < BODIES; i++)
        close(fds[i]);
    pause_ms(500);
    for (size_t i = 0; i < 300; i++) { /* none is counted for ever */
        fds[i] = dial(&service);
        say(fds[i], WHOLE);
        hear_until(fds[i], answer, sizeof answer, NULL);
        ck_assert_int_eq(status_in(answer), 200);
    }
    for (size_t i = 0; i < 300; i++)
        close(fds[i]);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(connections_of_one_client_leave_room_for_others)
{
    struct service service;
    static char answer[1 << 14];
    int fds[4];

    service_start(&service, (const char *const[]){"--max-connections-per-client", "4", NULL});
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = dial(&service);
    pause_ms(200);
    ck_assert_int_eq(ask_from(&service, "127.0.0.1", LIVEZ, answer, sizeof answer), 429);
    ck_assert_msg(strstr(answer, "--max-connections-per-client") && strstr(answer, "Retry-After: ")
                      && strstr(answer, "Connection: close"),
                  "%s", answer);
    ck_assert_int_eq(ask_from(&service, "127.0.0.2", LIVEZ, answer, sizeof answer), 200);
    close(fds[0]);
    pause_ms(300);
    ck_assert_int_eq(ask_from(&service, "127.0.0.1", LIVEZ, answer, sizeof answer), 200);
    for (size_t i = 1; i < COUNT(fds); i++)
        close(fds[i]);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* However many come, each reads why it is refused. */
START_TEST(connections_beyond_all_bounds_are_429)
{
    enum { KEPT = 70, MORE = 200 };
    struct service service;
    static char answer[1 << 14];
    int kept[KEPT];

    service_start(&service, (const char *const[]){"--max-connections", "2", NULL});
    for (size_t i = 0; i < KEPT; i++)
        kept[i] = dial(&service);
    pause_ms(200);
    for (size_t i = 0; i < MORE; i++) {
        const int fd = dial(&service);

        ck_assert_int_ge(fd, 0);
        if (i % 2 == 0)
            say(fd, WHOLE);
        hear_until(fd, answer, sizeof answer, NULL);
        ck_assert_msg(status_in(answer) == 429 && strstr(answer, "--max-connections")
                          && strstr(answer, "Retry-After: ") && strstr(answer, "Connection: close"),
                      "%zu: %s", i, answer);
        close(fd);
    }
    for (size_t i = 0; i < KEPT; i++)
        close(kept[i]);
    pause_ms(300);
    ck_assert_int_eq(ask(&service, WHOLE, answer, sizeof answer), 200);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* What follows an error is thrown away only so far. */
START_TEST(a_body_that_goes_on_and_on_is_cut_off)
{
    enum { CHUNK = 0x100000, CHUNKS = 70 }; /* 64 MiB are swallowed */
    struct service service;
    static char answer[1 << 14], filler[CHUNK + 1];
    struct timespec start, end;
    int fd;

    memset(filler, ' ', CHUNK);
    service_start(&service, NULL);
    fd = dial(&service);
    say(fd, POST "Transfer-Encoding: chunked\r\n\r\n1\r\n}\r\n");
    for (int n = 0; n < CHUNKS; n++) {
        say(fd, "100000\r\n");
        say(fd, filler);
        say(fd, "\r\n");
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    hear_until(fd, answer, sizeof answer, NULL); /* or what we sent too much resets it */
    clock_gettime(CLOCK_MONOTONIC, &end);
    ck_assert_msg(!answer[0]
                      || (status_in(answer) == 400 && strstr(answer, "\"code\":\"bad_json\"")),
                  "%s", answer);
    ck_assert_msg(end.tv_sec - start.tv_sec < 3, "it goes on");
    close(fd);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Clients that leave in the middle of a body free their places at once, however their end arrives.
 */
START_TEST(cut_bodies_free_their_places)
{
    struct service service;
    static char answer[1 << 14];
    int status = 0;

    service_start(&service, (const char *const[]){"--max-in-flight", "8", NULL});
    for (int i = 0; i < 64; i++) {
        const int fd = dial(&service);

        say(fd, POST "Content-Length: 33\r\n\r\n{");
        close(fd);
    }
    for (int waited = 0; waited < 4000 && status != 200; waited += 200) {
        pause_ms(200);
        status = ask(&service, WHOLE, answer, sizeof answer);
    }
    ck_assert_msg(status == 200, "%s", answer);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(slow_clients_are_shown_out)
{
    struct service service;
    static char answer[1 << 14];
    struct reply reply;
    int head, body, infer;

    service_start(&service, (const char *const[]){"--head-timeout", "500ms", "--body-grace",
                                                  "500ms", "--min-body-rate", "1MiB", NULL});
    head = dial(&service);
    body = dial(&service);
    say(head, "GET /livez HT");
    infer = dial(&service);
    say(body, POST "Content-Length: 1000000\r\n\r\n{");
    say(infer, "POST /v2/models/score/infer HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n{");
    hear_until(body, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 408 && strstr(answer, "\"code\":\"timeout\""), "%s", answer);
    hear_until(infer, answer, sizeof answer, NULL);
    ck_assert_msg(status_in(answer) == 408
                      && strstr(answer, "{\"error\":\"the body came too slowly"),
                  "%s", answer);
    close(infer);
    ck_assert_uint_eq(hear_until(head, answer, sizeof answer, NULL), 0);
    close(head);
    close(body);
    service_metrics(&service, "logitd_rejects_total{reason=\"timeout\"} 3\n", &reply);
    free(reply.body);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* A request whose answer is far longer than the buffers of its sockets. */
static char *long_request(size_t tokens)
{
    const size_t room = 5 * tokens + 256;
    char *text = malloc(room);
    size_t length = 0;

    ck_assert_ptr_nonnull(text);
    length += (size_t)snprintf(
        text, room, POST "Connection: close\r\nContent-Length: %zu\r\n\r\n{\"tokens\":[0",
        5 * tokens + 26);
    for (size_t i = 1; i < tokens; i++)
        length += (size_t)snprintf(text + length, room - length, ",0");
    length += (size_t)snprintf(text + length, room - length, "],\"logprobs\":[ -1");
    for (size_t i = 1; i < tokens; i++)
        length += (size_t)snprintf(text + length, room - length, ",-1");
    snprintf(text + length, room - length, "]}");
    return text;
}

/* Who asks for much and does not read it. */
START_TEST(answers_that_are_not_read_are_cut_off)
{
    struct service service;
    static char answer[1 << 16];
    char *request = long_request(1000000);
    size_t heard = 0, got;
    struct reply reply;
    int fd;

    service_start(&service, (const char *const[]){"--idle-timeout", "500ms", NULL});
    fd = dial(&service);
    say(fd, request);
    free(request);
    ck_assert_int_eq(recv(fd, answer, 1, MSG_PEEK), 1); /* it has been computed */
    service_metrics(&service, "logitd_rejects_total{reason=\"timeout\"} 1\n", &reply);
    free(reply.body);
    while ((got = hear_until(fd, answer, sizeof answer, "}}}\n")) == sizeof answer - 1)
        heard += got;
    ck_assert_msg(got == 0 || !strstr(answer, "}}}\n"), "all of it came");
    close(fd);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Ways to be slow, and what comes of them: the request in its pieces, and how long it is waited
 * between two of them. */
static const struct {
    const char *flags[7];
    const char *first, *chunk, *last;
    int pieces;
    long wait_ms;
    int status; /* 0: closed without an answer */
} slowness[] = {
    /* the head of a second request that never is complete */
    {{"--idle-timeout", "300ms", "--head-timeout", "300ms"}, WHOLE, "GET", "", 1, 0, 0},
    /* one that comes in two pieces, slower than a connection may lie idle */
    {{"--idle-timeout", "300ms", "--head-timeout", "10s"},
     WHOLE,
     "POST /v1/sco",
     "re HTTP/1.1\r\n" HOST "Content-Length: 33\r\n\r\n" BODY,
     1,
     900,
     200},
    /* a body that lies still, though there is time for it */
    {{"--idle-timeout", "300ms", "--body-grace", "1h"},
     POST "Content-Length: 33\r\n\r\n",
     "{",
     "",
     1,
     0,
     408},
    /* one that comes slowly, but fast enough */
    {{"--idle-timeout", "1s", "--body-grace", "200ms", "--min-body-rate", "20"},
     POST "Content-Length: 63\r\n\r\n",
     "    ",
     "     " BODY " ",
     6,
     150,
     200},
    {{"--idle-timeout", "1s", "--body-grace", "200ms", "--min-body-rate", "1KiB"},
     POST "Content-Length: 63\r\n\r\n",
     "    ",
     "     " BODY " ",
     6,
     150,
     408},
};

START_TEST(slowness_is_measured)
{
    for (size_t i = 0; i < COUNT(slowness); i++) {
        struct service service;
        static char answer[1 << 14];
        int fd;

        service_start(&service, slowness[i].flags);
        fd = dial(&service);
        say(fd, slowness[i].first);
        if (strstr(slowness[i].first, BODY))
            hear_until(fd, answer, sizeof answer, NULL);
        for (int n = 0; n < slowness[i].pieces; n++) {
            say(fd, slowness[i].chunk);
            pause_ms(slowness[i].wait_ms);
        }
        say(fd, slowness[i].last);
        memset(answer, 0, sizeof answer);
        hear_until(fd, answer, sizeof answer, NULL);
        ck_assert_msg(slowness[i].status != 0 || recv(fd, answer, 1, MSG_DONTWAIT) == 0,
                      "row %zu is open", i);
        ck_assert_msg(status_in(answer) == slowness[i].status, "row %zu: %s", i, answer);
        close(fd);
        ck_assert_int_eq(service_stop(&service), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bodies_over_the_limit_are_413,
                                  the_limit_is_inclusive,
                                  memory_is_limited,
                                  too_many_at_once_are_429,
                                  one_connection_too_many_is_429,
                                  bodies_of_one_client_leave_room_for_others,
                                  connections_of_one_client_leave_room_for_others,
                                  connections_beyond_all_bounds_are_429,
                                  a_body_that_goes_on_and_on_is_cut_off,
                                  cut_bodies_free_their_places,
                                  slow_clients_are_shown_out,
                                  answers_that_are_not_read_are_cut_off,
                                  slowness_is_measured,
                                  NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("limits", tests);
}
