/* test_wire.c - what goes over the socket: heads, bodies, keys. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- heads and routes ---- */

static const struct {
    const char *request;
    int status;
    const char *says; /* must occur in the answer */
} heads[] = {
    {WHOLE, 200, "\"log_prob\":-0.3132616875182228"},
    {"GET /livez HTTP/1.1\r\n" HOST "\r\n", 200, "X-Request-Id: "},
    {"GET /livez HTTP/1.0\r\n\r\n", 200, ""},
    {"HEAD /livez HTTP/1.1\r\n" HOST "\r\n", 200, "Content-Length: "},
    {"GET /livez?verbose HTTP/1.1\r\n" HOST "\r\n", 200, ""},
    {"GET /livez HTTP/1.1\r\n" HOST "X-Request-Id: my-id_1\r\n\r\n", 200,
     "X-Request-Id: my-id_1\r\n"},
    {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", 404, "\"code\":\"not_found\""},
    {"GET /v1/score%00x HTTP/1.1\r\n" HOST "\r\n", 400, "\"code\":\"bad_request\""},
    {"GET /v1%2fscore HTTP/1.1\r\n" HOST "\r\n", 404, ""},
    {"GET /v1/score HTTP/1.1\r\n" HOST "\r\n", 405, "Allow: POST"},
    {"POST /livez HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 405, "Allow: GET, HEAD"},
    {"DELETE /v1/score HTTP/1.1\r\n" HOST "\r\n", 405, "\"code\":\"method_not_allowed\""},
    {"GET /livez HTTP/1.1\r\n\r\n", 400, "bad_request"},
    {"GET /livez HTTP/1.1\r\n" HOST HOST "\r\n", 400, "bad_request"},
    {POST "Content-Length: 33\r\nTransfer-Encoding: chunked\r\n\r\n" BODY, 400, "bad_request"},
    {POST "Content-Length: 33\r\nContent-Length: 33\r\n\r\n" BODY, 400, "bad_request"},
    {POST "Content-Length: 18446744073709551615\r\n\r\n" BODY, 400, ""},
    {POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "bad_request"},
    {POST "Expect: a-miracle\r\nContent-Length: 33\r\n\r\n" BODY, 417, "expectation_failed"},
    {"GET /version HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\nGET", 200,
     "\r\nConnection: close\r\n"},
    {"POST /v1/score HTTP/1.1\r\n" HOST
     "Content-Type: text/plain\r\nContent-Length: 33\r\n\r\n" BODY,
     415, "application/json"},
    {POST "Content-Encoding: br\r\nContent-Length: 33\r\n\r\n" BODY, 415, "unsupported_media_type"},
    {"POST /v1/score HTTP/1.1\r\n" HOST "Content-Length: 33\r\n\r\n" BODY, 200,
     ""}, /* absent: JSON */
    {"POST /v1/score HTTP/1.1\r\n" HOST
     "Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: 33\r\n\r\n" BODY,
     200, ""},
    {POST "Transfer-Encoding: "
          "chunked\r\n\r\n10\r\n{\"tokens\":[0,1],\r\n10\r\n\"logits\":[[0,1]]\r\n1\r\n}\r\n"
          "0\r\n\r\n",
     200, "-0.3132616875182228"},
    {"GET /livez HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
     400, ""},
    {"POST /v2/models/score/infer HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", 400,
     "\r\nVary: Accept-Encoding\r\n"},
    {WHOLE, 200, "\r\nCache-Control: no-store\r\n"},
    {WHOLE, 200, "\r\nX-Content-Type-Options: nosniff\r\n"},
    {WHOLE, 200, "\r\nServer-Timing: parse;dur="},
    {"GET /version?pretty=secret&b&x%20y=1 HTTP/1.1\r\n" HOST "\r\n", 400,
     "query parameters are not taken: pretty, b, x%20y\""},
    {"POST /v1/score?details=rank HTTP/1.1\r\n" HOST "Content-Length: 33\r\n\r\n" BODY, 400,
     "query parameters are not taken: details; give them as members of the body"},
    {"GET /version?&& HTTP/1.1\r\n" HOST "\r\n", 200, "\"version\""},
    {"GET /readyz?verbose HTTP/1.1\r\n" HOST "\r\n", 200, ""},
    {"GET /v1/models?limit=20 HTTP/1.1\r\n" HOST "\r\n", 200, "\"object\""},
    {"GET /v2?x=y HTTP/1.1\r\n" HOST "\r\n", 200, "logitd"},
    /* After these, nothing that follows can be trusted to be a request. */
    {POST "Transfer-Encoding: chunked\r\n\r\n21\r\n" BODY "\r\n0\r\n\r\n", 200,
     "\r\nConnection: close\r\n"},
    {POST "Content-Length: 51\r\n\r\n{\"tokens\":[0,1],\"logits\":[[0,x]],\"model\":\"a label\"}",
     400, "\r\nConnection: close\r\n"},
    {"GET /livez HTTP/1.1\r\n\r\n", 400, "\r\nConnection: close\r\n"},
};

START_TEST(heads_are_audited_and_routed)
{
    struct service service;
    static char answer[1 << 16];

    service_start(&service, NULL);
    for (size_t i = 0; i < COUNT(heads); i++) {
        const int status = ask(&service, heads[i].request, answer, sizeof answer);

        ck_assert_msg(status == heads[i].status && strstr(answer, heads[i].says), "%s\n%s",
                      heads[i].request, answer);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- heads that are not what they seem ---- */

#define KEYED "Authorization: Bearer the-only-key\r\n"

/* Heads that are answered 200 with a key, and what is put into them at every place. */
static const char *const sound[] = {
    "GET /version HTTP/1.1\r\n" HOST KEYED "X: y\r\n\r\n",
    "GET /v1/objectives? HTTP/1.1\r\nHost:a\r\n" KEYED "Y: \t z\r\n\r\n",
    "POST /v1/score HTTP/1.1\r\n" HOST "Content-Length: 33\r\nX-API-Key: the-only-key\r\n\r\n" BODY,
};
static const struct {
    const char *bytes;
    size_t length, taken; /* bytes of the head in whose place they come */
} insertions[] = {{"\0", 1, 0},  {"\0x", 2, 0},  {"\0\r\n", 3, 0}, {"\0X: y\r\n", 7, 0},
                  {"\0", 1, 1},  {"\0\n", 2, 0}, {"\0\n", 2, 2},   {"\0\0", 2, 2},
                  {":\n", 2, 0}, {":\n", 2, 2}};

/* All that the server says from now on, until it closes; then the connection is closed. */
static void hear_all(int fd, char *answer, size_t size)
{
    size_t heard = 0;
    struct pollfd ready = {fd, POLLIN, 0};

    shutdown(fd, SHUT_WR);
    while (heard < size - 1 && poll(&ready, 1, 5000) > 0) {
        const ssize_t got = recv(fd, answer + heard, size - 1 - heard, 0);

        if (got <= 0)
            break;
        heard += (size_t)got;
    }
    answer[heard] = '\0';
    close(fd);
}

static void converse(const struct service *service, const char *request, size_t length,
                     char *answer, size_t size)
{
    const int fd = dial(service);

    ck_assert_int_eq(send(fd, request, length, MSG_NOSIGNAL), (ssize_t)length);
    hear_all(fd, answer, size);
}

#define SECOND_REQUEST "GET /version HTTP/1.1\r\n" HOST KEYED "X-Request-Id: second\r\n\r\n"

/* The head with the insertion at its byte `at`, then its body and a second request. */
static size_t spoil(char *out, const char *request, size_t at, size_t insertion)
{
    const size_t length = strlen(request), behind = at + insertions[insertion].taken;
    const size_t rest = behind < length ? length - behind : 0;

    memcpy(out, request, at);
    memcpy(out + at, insertions[insertion].bytes, insertions[insertion].length);
    at += insertions[insertion].length;
    memcpy(out + at, request + strlen(request) - rest, rest);
    memcpy(out + at + rest, SECOND_REQUEST, sizeof SECOND_REQUEST);
    return at + rest + sizeof SECOND_REQUEST - 1;
}

START_TEST(a_hidden_end_of_a_head_ends_the_connection)
{
    struct service service;
    char path[] = "/tmp/logitd-keys-XXXXXX";
    static char answer[1 << 16], request[1024];
    const int fd = mkstemp(path);

    ck_assert_int_gt(write(fd, "the-only-key\n", 13), 0);
    close(fd);
    service_start(&service, (const char *const[]){"--api-key-file", path, NULL});
    for (size_t i = 0; i < COUNT(sound); i++) {
        const size_t head = (size_t)(strstr(sound[i], "\r\n\r\n") + 4 - sound[i]);

        snprintf(request, sizeof request, "%s" SECOND_REQUEST, sound[i]);
        converse(&service, request, strlen(request), answer, sizeof answer);
        ck_assert_msg(count_of(answer, "HTTP/1.1 200") == 2, "%zu: %s", i, answer);
        for (size_t at = 0; at < head * COUNT(insertions); at++) {
            const size_t length = spoil(request, sound[i], at % head, at / head);

            converse(&service, request, length, answer, sizeof answer);
            ck_assert_msg(count_of(answer, "HTTP/1.1 200") == 0, "%zu at %zu, %zu: %s", i,
                          at % head, at / head, answer);
        }
        /* The same behind a request that is sound, all in one piece. */
        for (size_t at = 0; at < head * COUNT(insertions); at++) {
            const size_t first = strlen(strcpy(request, sound[i]));
            const size_t length = first + spoil(request + first, sound[i], at % head, at / head);

            converse(&service, request, length, answer, sizeof answer);
            ck_assert_msg(count_of(answer, "HTTP/1.1 200") == 1, "%zu behind at %zu, %zu: %s", i,
                          at % head, at / head, answer);
        }
    }
    unlink(path);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* What follows a body that came in two pieces is read as a request where it is one. */
static const struct {
    const char *behind;
    size_t length;
    int good;
} followers[] = {{"", 0, 2}, {"\r\n", 2, 2}, {"\0", 1, 1}, {"\0\n", 2, 1}, {":\n", 2, 1}};

START_TEST(what_follows_a_body_in_pieces_is_looked_at)
{
    struct service service;
    static char answer[1 << 16], rest[512];

    service_start(&service, NULL);
    for (size_t i = 0; i < COUNT(followers); i++) {
        const int fd = dial(&service);
        const size_t half = strlen(WHOLE) - 10;
        size_t length = strlen(strcpy(rest, &WHOLE[half]));

        ck_assert_int_eq(send(fd, WHOLE, half, MSG_NOSIGNAL), (ssize_t)half);
        pause_ms(50);
        memcpy(rest + length, followers[i].behind, followers[i].length);
        length += followers[i].length;
        length += strlen(strcpy(rest + length, "GET /livez HTTP/1.1\r\n" HOST "\r\n"));
        ck_assert_int_eq(send(fd, rest, length, MSG_NOSIGNAL), (ssize_t)length);
        hear_all(fd, answer, sizeof answer);
        ck_assert_msg(count_of(answer, "HTTP/1.1 200") == followers[i].good, "%zu: %s", i, answer);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Other heads whose end, or whose fields, a second reader could see elsewhere. */
static const struct {
    const char *request;
    int good; /* answers of 200: 2 where the connection is kept */
} shapes[] = {
    {"GET /livez HTTP/1.1\r\nHost:a\r\n\r\n", 2},
    {"GET /livez HTTP/1.1\r\nHost:  \t a\r\nEmpty:\r\nBlank:  \r\nTail: x  \r\n\r\n", 2},
    {"GET /livez HTTP/1.1\r\nHost: a\n:\r\n", 0},
    {"GET /livez HTTP/1.1\r\nHost: a\r:\r\n", 0},
    {"GET /livez HTTP/1.1\r\nHost: a\r\n:\n", 0},
    {"GET /livez?a=%20&b HTTP/1.1\r\n" HOST "Cookie: a=b; c=\"d\"\r\n\r\n", 2},
    {"\r\nGET /livez HTTP/1.1\r\n" HOST "\r\n", 2},
    {"GET /livez HTTP/1.1\n" HOST "\r\n", 0},
    {"GET /livez HTTP/1.1\r\nHost: a\n\r\n", 0},
    {"GET /livez HTTP/1.1\r\n" HOST "\n", 0},
    {"GET /livez HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 0},
    {"GET  /livez HTTP/1.1\r\n" HOST "\r\n", 0},
    {"GET /livez  HTTP/1.1\r\n" HOST "\r\n", 0},
    {"GET /livez HTTP/1.1 \r\n" HOST "\r\n", 0},
    {"GET /livez HTTP/1.1\r\n" HOST "Expect: a-miracle\r\nX: a\r\n b\r\n\r\n", 0},
};

START_TEST(heads_that_two_could_read_differently_end_the_connection)
{
    struct service service;
    static char answer[1 << 16], request[1024];

    service_start(&service, NULL);
    for (size_t i = 0; i < COUNT(shapes); i++) {
        snprintf(request, sizeof request, "%s" SECOND_REQUEST, shapes[i].request);
        converse(&service, request, strlen(request), answer, sizeof answer);
        ck_assert_msg(count_of(answer, "HTTP/1.1 200") == shapes[i].good, "%s\n%s",
                      shapes[i].request, answer);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(a_long_target_is_414)
{
    struct service service;
    static char request[8192], answer[8192];

    service_start(&service, NULL);
    snprintf(request, sizeof request, "GET /%04000d HTTP/1.1\r\n" HOST "\r\n", 0);
    ck_assert_int_eq(ask(&service, request, answer, sizeof answer), 414);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- connections ---- */

START_TEST(connections_are_kept_and_pipelined)
{
    struct service service;
    static char answer[1 << 16];
    int fd;

    memset(answer, 0, sizeof answer);
    service_start(&service, NULL);
    fd = dial(&service);
    for (int n = 0; n < 3; n++) {
        say(fd, WHOLE);
        hear_until(fd, answer, sizeof answer, "}}}\n");
        ck_assert_int_eq(status_in(answer), 200);
    }
    say(fd, WHOLE WHOLE WHOLE);
    for (int n = 0; n < 200 && count_of(answer, "HTTP/1.1 200") < 3; n++) {
        pause_ms(10);
        recv(fd, answer, sizeof answer - 1, MSG_PEEK | MSG_DONTWAIT);
    }
    ck_assert_int_eq(count_of(answer, "HTTP/1.1 200"), 3);
    close(fd);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(chunks_of_one_byte)
{
    struct service service;
    char request[2048] = POST "Transfer-Encoding: chunked\r\n\r\n";
    static char answer[1 << 14];

    for (const char *c = BODY; *c; c++)
        snprintf(request + strlen(request), 16, "1\r\n%c\r\n", *c);
    strncat(request, "0\r\n\r\n", 16);
    service_start(&service, NULL);
    ck_assert_int_eq(ask(&service, request, answer, sizeof answer), 200);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Refusals that come before the body is in. */
static const char *const refusals[] = {
    "POST /nowhere HTTP/1.1\r\n" HOST "Content-Length: 400000\r\n\r\n",
    POST "Content-Length: 9400000\r\n\r\n",
    POST "Content-Encoding: br\r\nContent-Length: 400000\r\n\r\n",
    "POST /nowhere HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n13880\r\n",
};

/* If the server closed at once, a proxy could not go on to send, and would answer 502 itself. */
START_TEST(who_still_sends_a_body_reads_why_it_is_refused)
{
    struct service service;
    static char piece[40001], answer[1 << 14];

    memset(piece, ' ', sizeof piece - 1);
    service_start(&service, (const char *const[]){"--max-body", "9000000", NULL});
    for (size_t i = 0; i < COUNT(refusals); i++) {
        const int fd = dial(&service);

        say(fd, refusals[i]);
        for (int n = 0; n < 2; n++) {
            pause_ms(50);
            ck_assert_int_gt(send(fd, piece, strlen(piece), MSG_NOSIGNAL), 0);
        }
        hear_until(fd, answer, sizeof answer, NULL);
        ck_assert_msg(status_in(answer) >= 400 && strstr(answer, "\"code\""), "%s%s", refusals[i],
                      answer);
        close(fd);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(expect_gets_its_100_and_refusals_do_not)
{
    struct service service;
    static char answer[1 << 14];
    int fd;

    service_start(&service, (const char *const[]){"--max-body", "100", NULL});
    fd = dial(&service);
    say(fd, POST "Expect: 100-continue\r\nContent-Length: 33\r\n\r\n");
    hear_until(fd, answer, sizeof answer, "\r\n\r\n");
    ck_assert_int_eq(status_in(answer), 100);
    say(fd, BODY);
    hear_until(fd, answer, sizeof answer, "}}}\n");
    ck_assert_int_eq(status_in(answer), 200);
    close(fd);
    fd = dial(&service);
    say(fd, POST "Expect: 100-continue\r\nContent-Length: 101\r\n\r\n");
    hear_until(fd, answer, sizeof answer, "}\n");
    ck_assert_int_eq(status_in(answer), 413);
    close(fd);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- keys ---- */

static const struct {
    const char *request;
    int status;
} keys[] = {
    {POST "Content-Length: 33\r\n\r\n" BODY, 401},
    {POST "Authorization: Bearer wrong-key\r\nContent-Length: 33\r\n\r\n" BODY, 401},
    {POST "Authorization: Bearer first-ke\r\nContent-Length: 33\r\n\r\n" BODY, 401},
    {POST "Authorization: Basic first-key\r\nContent-Length: 33\r\n\r\n" BODY, 401},
    {POST "Authorization: Bearer first-key\r\nContent-Length: 33\r\n\r\n" BODY, 200},
    {POST "Authorization: Bearer second-key\r\nContent-Length: 33\r\n\r\n" BODY, 200},
    {POST "X-API-Key: second-key\r\nContent-Length: 33\r\n\r\n" BODY, 200},
    {"GET /metrics HTTP/1.1\r\n" HOST "\r\n", 401},
    {"GET /livez HTTP/1.1\r\n" HOST "\r\n", 200},
    {"GET /readyz HTTP/1.1\r\n" HOST "\r\n", 200},
};

START_TEST(keys_open_all_but_the_probes)
{
    struct service service;
    char path[] = "/tmp/logitd-keys-XXXXXX";
    static char answer[1 << 16];
    const int fd = mkstemp(path);

    ck_assert_int_gt(write(fd, "# keys\nfirst-key\n\nsecond-key\n", 29), 0);
    close(fd);
    service_start(&service, (const char *const[]){"--api-key-file", path, NULL});
    for (size_t i = 0; i < COUNT(keys); i++)
        ck_assert_msg(ask(&service, keys[i].request, answer, sizeof answer) == keys[i].status,
                      "%s\n%s", keys[i].request, answer);
    ask(&service, keys[0].request, answer, sizeof answer);
    ck_assert_ptr_nonnull(strstr(answer, "WWW-Authenticate: Bearer"));
    unlink(path);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- other ways in and out ---- */

START_TEST(metrics_please_promtool)
{
    struct service service;
    struct reply reply;
    FILE *promtool;

    service_start(&service, NULL);
    service_post(&service, "/v1/score", BODY, strlen(BODY), &reply);
    free(reply.body);
    service_metrics(&service, "logitd_tokens_scored_total 1\n", &reply);
    ck_assert_int_eq(reply.status, 200);
    if (system("command -v promtool >/dev/null") == 0) {
        promtool = popen("promtool check metrics", "w");
        fwrite(reply.body, 1, reply.length, promtool);
        ck_assert_int_eq(pclose(promtool), 0);
    } else {
        puts("SKIP promtool: not installed");
    }
    free(reply.body);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* Resident memory of the server, in KiB. */
static long resident(const struct service *service)
{
    char path[64], line[256];
    long kib = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)service->pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kib);
    if (file)
        fclose(file);
    return kib;
}

START_TEST(memory_comes_back)
{
    struct service service;
    static char answer[1 << 14];
    long before = 0;

    service_start(&service, NULL);
    for (int n = 0; n < 600; n++) {
        struct reply reply;
        const char *body = n % 3 == 0   ? "{\"tokens\":[0,5],\"logits\":[[1,2]]}"
                           : n % 3 == 1 ? "{\"tokens\":[0,1"
                                        : BODY;

        service_post(&service, "/v1/score", body, strlen(body), &reply);
        ck_assert_int_eq(reply.status, n % 3 == 0 ? 422 : n % 3 == 1 ? 400 : 200);
        free(reply.body);
        if (n == 200)
            before = resident(&service);
    }
    if (!strstr(getenv("LOGITD") ? getenv("LOGITD") : "", "address"))
        ck_assert_int_lt(resident(&service), before + 4096);
    ask(&service, "GET /livez HTTP/1.1\r\n" HOST "\r\n", answer, sizeof answer);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {heads_are_audited_and_routed,
                                  a_hidden_end_of_a_head_ends_the_connection,
                                  what_follows_a_body_in_pieces_is_looked_at,
                                  heads_that_two_could_read_differently_end_the_connection,
                                  a_long_target_is_414,
                                  connections_are_kept_and_pipelined,
                                  chunks_of_one_byte,
                                  who_still_sends_a_body_reads_why_it_is_refused,
                                  expect_gets_its_100_and_refusals_do_not,
                                  keys_open_all_but_the_probes,
                                  metrics_please_promtool,
                                  memory_comes_back,
                                  NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("wire", tests);
}
