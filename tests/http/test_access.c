/* test_access.c - what the log and /metrics tell of requests, and what they keep to themselves. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the log ---- */

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define SCORE "POST /v1/score HTTP/1.1\r\n" HOST

#define ID(id) "X-Request-Id: id-" id "\r\n" /* the row's number */

/* A request, and members of its line as JSON ("": there is no line); those that are null must not
 * be there. */
static const struct {
    const char *request, *line;
} lines[] = {
    {SCORE ID("0") "User-Agent: me\r\ntraceparent: " TRACE "\r\nContent-Length: 77\r\n\r\n"
                   "{\"model\":\"m\\u0001\",\"tokens\":[0,1,1],\"prompt_length\":1,\"logits\":[[0,"
                   "0],[0,0]]} ",
     "{\"severity_text\":\"INFO\",\"body\":\"request\",\"service.name\":\"logitd\","
     "\"http.request.method\":\"POST\",\"http.route\":\"/v1/score\",\"url.path\":\"/v1/score\","
     "\"http.request.body.size\":77,\"client.address\":\"127.0.0.1\","
     "\"network.protocol.version\":\"1.1\",\"user_agent.original\":\"me\","
     "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\","
     "\"http.response.status_code\":200,\"error.type\":null,\"logitd.model\":\"m\\u0001\","
     "\"logitd.sequences\":1,\"logitd.tokens\":2,\"logitd.vocabulary\":2,"
     "\"logitd.loss.marginal\":null,\"logitd.loss.conditional\":0.693147181,"
     "\"logitd.loss.joint\":0.693147181,\"logitd.requests\":null,\"logitd.inflated_bytes\":null}"},
    {SCORE ID("1") "traceparent: " TRACE "\r\ntraceparent: " TRACE
                   "\r\nContent-Length: 33\r\n\r\n" BODY,
     "{\"trace_id\":null,\"user_agent.original\":null,\"logitd.model\":null,"
     "\"logitd.loss.joint\":0.313261688,\"logitd.loss.conditional\":null}"},
    {SCORE ID("2") "Content-Type: application/x-ndjson\r\nContent-Length: 38\r\n\r\n" BODY
                   "\nbad\n",
     "{\"logitd.requests\":2,\"logitd.request_failures\":1,\"logitd.sequences\":1}"},
    {SCORE ID("3") "Content-Length: 2\r\n\r\n{}",
     "{\"severity_text\":\"WARN\",\"error.type\":\"missing_member\","
     "\"http.response.status_code\":400,\"logitd.sequences\":null}"},
    {"GET /secret HTTP/1.1\r\n" HOST ID("4") "\r\n",
     "{\"http.route\":\"other\",\"url.path\":\"other\",\"http.response.status_code\":404,"
     "\"error.type\":\"not_found\"}"},
    {"GET /livez HTTP/1.1\r\n" HOST ID("5") "\r\n", ""},
    {"GET /version HTTP/1.0\r\n" ID("6") "\r\n",
     "{\"network.protocol.version\":\"1.0\",\"http.route\":\"/"
     "version\",\"severity_text\":\"INFO\"}"},
    {"GET /v1/models?key=secret HTTP/1.1\r\n" HOST ID("7") "\r\n",
     "{\"http.route\":\"/v1/models\",\"url.path\":\"/v1/models\","
     "\"http.response.status_code\":200}"},
    {"GET /version?key=secret HTTP/1.1\r\n" HOST ID("8") "\r\n",
     "{\"http.route\":\"/version\",\"url.path\":\"/version\",\"http.response.status_code\":400,"
     "\"error.type\":\"unknown_member\"}"},
};

/* The line of a request, read; NULL where there is none.  Lines of several threads have no order.
 */
static json_t *find_line(const char *log, const char *id)
{
    char said[64];
    const char *at;

    snprintf(said, sizeof said, "\"request_id\":\"id-%s\"", id);
    at = strstr(log, said);
    while (at && at > log && at[-1] != '\n')
        at--;
    return at ? json_loadb(at, strcspn(at, "\n"), 0, NULL) : NULL;
}

static void check_line(const char *log, const char *id, const char *wanted)
{
    json_t *line = find_line(log, id);
    json_t *members = json_loads(wanted, 0, NULL);
    const char *name;
    json_t *value;

    ck_assert_msg(line && members, "%s", id);
    json_object_foreach(members, name, value)
    {
        const json_t *got = json_object_get(line, name);

        ck_assert_msg(json_is_null(value) ? !got : json_equal((json_t *)(uintptr_t)got, value),
                      "%s of %s: %s", name, id, log);
    }
    json_decref(members);
    json_decref(line);
}

static char *read_log(const char *path)
{
    size_t length;
    char *log = file_load(path, &length);

    unlink(path);
    return log;
}

START_TEST(each_request_has_its_line)
{
    struct service service;
    char path[] = "/tmp/logitd-log-XXXXXX", *log;
    size_t sizes[COUNT(lines)];
    static char answer[1 << 14];

    close(mkstemp(path));
    service_start_logging(&service, path, NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        ask(&service, lines[i].request, answer, sizeof answer);
        sizes[i] = strlen(strstr(answer, "\r\n\r\n") + 4);
    }
    ck_assert_int_eq(service_stop(&service), 0);
    log = read_log(path);
    ck_assert(!strstr(log, "secret") && !strstr(log, "[[0"));
    for (size_t i = 0; i < COUNT(lines); i++) {
        char id[8], size[64];

        snprintf(id, sizeof id, "%zu", i);
        snprintf(size, sizeof size, "{\"http.response.body.size\":%zu}", sizes[i]);
        if (*lines[i].line) {
            check_line(log, id, lines[i].line);
            check_line(log, id, size);
        } else {
            ck_assert_ptr_null(find_line(log, id));
        }
    }
    free(log);
}
END_TEST

/* Server-Timing has milliseconds, the log has seconds. */
START_TEST(times_are_told_twice)
{
    static const char *const stages[] = {"parse", "score", "write"};
    struct service service;
    char path[] = "/tmp/logitd-log-XXXXXX", *log;
    static char answer[1 << 14];
    json_t *document;

    close(mkstemp(path));
    service_start_logging(&service, path, NULL);
    ck_assert_int_eq(
        ask(&service, POST ID("0") "Content-Length: 33\r\n\r\n" BODY, answer, sizeof answer), 200);
    ck_assert_int_eq(service_stop(&service), 0);
    log = read_log(path);
    document = find_line(log, "0");
    for (size_t i = 0; i < COUNT(stages); i++) {
        char name[32], *told;

        snprintf(name, sizeof name, "%s;dur=", stages[i]);
        told = strstr(strstr(answer, "Server-Timing: "), name);
        ck_assert_msg(told != NULL, "%s", answer);
        snprintf(name, sizeof name, "logitd.%s_seconds", stages[i]);
        ck_assert(fabs(strtod(strchr(told, '=') + 1, NULL)
                       - 1e3 * json_number_value(json_object_get(document, name)))
                  <= 0.000501);
    }
    json_decref(document);
    free(log);
}
END_TEST

/* What did not end as it should: a client that goes away, one that is too slow, no memory. */
START_TEST(bad_ends_are_told)
{
    static const char *const wanted[] = {
        "{\"error.type\":\"client_gone\",\"http.response.status_code\":null,"
        "\"severity_text\":\"INFO\"}",
        "{\"error.type\":\"timeout\",\"http.response.status_code\":408,"
        "\"severity_text\":\"WARN\"}",
        "{\"error.type\":\"no_memory\",\"http.response.status_code\":503,"
        "\"severity_text\":\"ERROR\"}"};
    struct service service;
    char path[] = "/tmp/logitd-log-XXXXXX", *log;
    static char answer[1 << 14], request[120000], body[100001];
    int fd;

    close(mkstemp(path));
    service_start_logging(&service, path,
                          (const char *const[]){"--body-grace", "500ms", "--max-memory", "64KiB",
                                                "--min-body-rate", "1MiB", NULL});
    fd = dial(&service);
    say(fd, POST ID("0") "Content-Length: 33\r\n\r\n{");
    close(fd);
    pause_ms(400);
    fd = dial(&service);
    say(fd, POST ID("1") "Content-Length: 33\r\n\r\n{");
    hear_until(fd, answer, sizeof answer, NULL);
    close(fd);
    memset(body, ' ', sizeof body - 1);
    snprintf(request, sizeof request, POST ID("2") "Content-Length: 100000\r\n\r\n%s", body);
    ask(&service, request, answer, sizeof answer);
    ck_assert_int_eq(service_stop(&service), 0);
    log = read_log(path);
    for (size_t i = 0; i < COUNT(wanted); i++)
        check_line(log, (const char[]){(char)('0' + i), '\0'}, wanted[i]);
    free(log);
}
END_TEST

/* ---- metrics ---- */

/* A metric's value on a page. */
static double value_of(const struct reply *page, const char *name)
{
    char text[96];
    const char *at;

    snprintf(text, sizeof text, "\n%s ", name);
    at = strstr(page->body, text);
    ck_assert_msg(at != NULL, "%s: %s", name, page->body);
    return strtod(at + strlen(text), NULL);
}

START_TEST(requests_are_counted)
{
    struct service service;
    struct reply scored, bad, page = {0};
    double bytes = 0;

    service_start(&service, NULL);
    service_post(&service, "/v1/score", BODY, strlen(BODY), &scored);
    service_post(&service, "/v1/score", "{}", 2, &bad);
    for (int tries = 0; tries < 500; tries++) { /* published once an answer is out */
        bytes += (double)page.length;
        free(page.body);
        service_get(&service, "/metrics", &page);
        if (strstr(page.body, "\nlogitd_rejects_total{reason=\"missing_member\"} 1\n"))
            break;
        pause_ms(10);
    }
    ck_assert(value_of(&page, "logitd_rejects_total{reason=\"missing_member\"}") == 1);
    ck_assert(value_of(&page, "logitd_http_request_body_bytes_total") == 35);
    ck_assert(value_of(&page, "logitd_http_response_body_bytes_total")
              <= (double)(scored.length + bad.length) + bytes);
    ck_assert(value_of(&page, "logitd_http_response_body_bytes_total")
              >= (double)(scored.length + bad.length));
    ck_assert(value_of(&page, "logitd_sequences_scored_total") == 1);
    ck_assert(value_of(&page, "logitd_tokens_scored_total") == 1);
    ck_assert(value_of(&page, "logitd_rows_reduced_total") == 1);
    ck_assert(value_of(&page, "logitd_token_loss_count{objective=\"joint\"}") == 1);
    ck_assert(
        fabs(value_of(&page, "logitd_token_loss_sum{objective=\"joint\"}") - 0.31326168751822286)
        < 1e-15);
    ck_assert(value_of(&page, "logitd_stage_duration_seconds_count{stage=\"score\"}") == 1);
    ck_assert(value_of(&page, "logitd_ready") == 1);
    ck_assert(value_of(&page, "process_resident_memory_bytes") > 0);
    ck_assert(value_of(&page, "process_threads") > 1);
    free(scored.body);
    free(bad.body);
    free(page.body);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_request_has_its_line, times_are_told_twice,
                                  bad_ends_are_told, requests_are_counted, NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("access", tests);
}
