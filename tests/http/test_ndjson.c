/* test_ndjson.c - a request a line, over HTTP: each answered as if it were alone. */
#include "tests/http/ask.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ID "X-Request-Id: lines"
#define GOOD "{\"tokens\":[0,1],\"logits\":[[0,1]]}\n"
#define WRONG "{\"tokens\":[0,9],\"logits\":[[0,1]]}\n"

static const char *const files[] = {"examples/once.json", "examples/animal.json",
                                    "examples/nested.json", "examples/worked.json"};

/* Append the answer to a request alone. */
static void add_alone(const struct service *service, const char *body, size_t length, char *out)
{
    struct answer answer;

    ask_post(service, "/v1/score", (const char *const[ASK_FIELDS]){"Content-Type:"}, body, length,
             &answer);
    ck_assert_int_eq(answer.status, 200);
    strcat(out, answer.body);
    free(answer.text);
}

static size_t gzip(const char *text, size_t length, char *out, size_t size)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)text,
                       .avail_in = (unsigned)length,
                       .next_out = (unsigned char *)out,
                       .avail_out = (unsigned)size};

    ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return size - stream.avail_out;
}

static void check_lines(const struct answer *answer, const char *alone)
{
    ck_assert_int_eq(answer->status, 200);
    ck_assert_ptr_nonnull(strstr(answer->text, "Content-Type: application/x-ndjson\r\n"));
    ck_assert_int_eq(strncmp(answer->body, alone, strlen(alone)), 0);
    ck_assert_int_eq(strncmp(answer->body + strlen(alone), "{\"totals\":{\"sequences\":", 23), 0);
    ck_assert_ptr_nonnull(strstr(answer->body + strlen(alone), ",\"requests\":4,\"errors\":0}}\n"));
}

START_TEST(lines_are_answered_as_alone)
{
    static char body[2 << 20], alone[2 << 20], packed[2 << 20];
    struct service service;
    struct answer answer;
    size_t length;

    service_start(&service, NULL);
    for (size_t f = 0; f < COUNT(files); f++) {
        char *text = file_load(files[f], &length); /* which ends with a newline */

        strcat(body, text);
        add_alone(&service, text, length, alone);
        free(text);
    }
    ask_post(&service, "/v1/score",
             (const char *const[ASK_FIELDS]){"Content-Type: application/x-ndjson"}, body,
             strlen(body), &answer);
    check_lines(&answer, alone);
    free(answer.text);
    length = gzip(body, strlen(body), packed, sizeof packed);
    ask_post(&service, "/v1/score",
             (const char *const[ASK_FIELDS]){"Content-Type: application/jsonl; charset=utf-8",
                                             "Content-Encoding: gzip",
                                             "Transfer-Encoding: chunked"},
             packed, length, &answer);
    check_lines(&answer, alone);
    free(answer.text);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* `says` must be in the answer, which has so many lines. */
static const struct {
    const char *type, *body;
    long status;
    int lines;
    const char *says;
} rows[] = {
    {"application/x-ndjson", "", 200, 1, ",\"requests\":0,\"errors\":0}}\n"},
    {"application/ndjson", GOOD GOOD, 200, 3, ",\"requests\":2,\"errors\":0}}\n"},
    {"application/jsonlines", GOOD WRONG GOOD, 200, 4, ",\"requests\":3,\"errors\":1}}\n"},
    {"application/x-jsonlines", WRONG, 200, 2,
     "\"code\":\"out_of_range\",\"request_id\":\"lines\","
     "\"line\":1,\"errors\":[{\"pointer\":\"/tokens/1\""},
    {"application/x-ndjson", "\r\n\nnope\n" GOOD, 200, 3, "\"line\":3,"},
    {"application/json", GOOD GOOD, 400, 1, "\"code\":\"bad_json\""},
    {"text/plain", GOOD, 415, 1, "application/json, application/x-ndjson"},
};

START_TEST(lines_may_be_wrong)
{
    struct service service;
    struct answer answer;

    service_start(&service, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char type[64];
        int lines = 0;

        snprintf(type, sizeof type, "Content-Type: %s", rows[i].type);
        ask_post(&service, "/v1/score", (const char *const[ASK_FIELDS]){type, ID}, rows[i].body,
                 strlen(rows[i].body), &answer);
        for (const char *c = answer.body; *c; c++)
            lines += *c == '\n';
        ck_assert_msg(answer.status == rows[i].status && lines == rows[i].lines
                          && strstr(answer.text, rows[i].says),
                      "row %zu: %s", i, answer.text);
        free(answer.text);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

static const struct {
    const char *flag, *value;
    long status;
    bool names_line;
} limits[] = {
    {"--max-request-memory", "64KiB", 413, true},
    {"--max-memory", "64KiB", 503, true},
    {"--max-body", "1000", 413, false},
};

/* What does not fit is refused as a whole; where lines were read, the answer says at which. */
START_TEST(limits_are_those_of_the_whole)
{
    static char body[100000];
    struct answer answer;

    for (size_t i = 0; i + sizeof GOOD < sizeof body; i += sizeof GOOD - 1)
        memcpy(body + i, GOOD, sizeof GOOD);
    for (size_t i = 0; i < COUNT(limits); i++) {
        struct service service;

        service_start(&service, (const char *const[]){limits[i].flag, limits[i].value, NULL});
        ask_post(&service, "/v1/score",
                 (const char *const[ASK_FIELDS]){"Content-Type: application/x-ndjson", ID}, body,
                 strlen(body), &answer);
        ck_assert_msg(answer.status == limits[i].status && strstr(answer.body, limits[i].flag)
                          && strstr(answer.text, "application/problem+json")
                          && limits[i].names_line == !!strstr(answer.body, "\"line\":"),
                      "%s: %s", limits[i].flag, answer.text);
        free(answer.text);
        ck_assert_int_eq(service_stop(&service), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_are_answered_as_alone, lines_may_be_wrong,
                                  limits_are_those_of_the_whole, NULL};

    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("ndjson", tests);
}
