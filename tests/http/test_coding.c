/* test_coding.c - compressed bodies over HTTP: the same answers, the limits with their flags, and
 * what the metrics tell. */
#include "tests/http/ask.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* POST to /v1/score, as JSON in a coding ("" for none); the caller frees answer->text. */
static void ask(const struct service *service, const char *coding, const void *body, size_t length,
                bool chunked, struct answer *answer)
{
    const char *fields[ASK_FIELDS] = {"Content-Type: application/json"};
    char field[64];

    snprintf(field, sizeof field, "Content-Encoding: %s", coding);
    fields[1] = coding[0] ? field : chunked ? "Transfer-Encoding: chunked" : NULL;
    fields[2] = coding[0] && chunked ? "Transfer-Encoding: chunked" : NULL;
    ask_post(service, "/v1/score", fields, body, length, answer);
}

/* bits choose zlib's format (15 zlib, -15 raw, 31 gzip; 0 is zstd). */
static size_t compress_as(int bits, const void *text, size_t length, void *out, size_t size)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)text,
                       .avail_in = (unsigned)length,
                       .next_out = out,
                       .avail_out = (unsigned)size};

    if (bits == 0)
        return ZSTD_compress(out, size, text, length, 3);
    ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return size - stream.avail_out;
}

static const struct {
    const char *name;
    int bits;
} codings[] = {{"gzip", 31}, {"x-gzip", 31}, {"deflate", 15}, {"deflate", -15}, {"zstd", 0}};

static const char *const files[] = {"examples/once.json", "examples/animal.json",
                                    "examples/nested.json",
                                    "tests/golden/invalid/row_nan/request.json"};

/* The body of an answer, up to its request id, which differs. */
static const char *body_of(struct answer *answer)
{
    char *body = strstr(answer->text, "\r\n\r\n") + 4, *id = strstr(body, "\"request_id\"");

    if (id)
        *id = '\0';
    return body;
}

START_TEST(answers_are_those_of_plain_bodies)
{
    struct service service;

    service_start(&service, NULL);
    for (size_t f = 0; f < COUNT(files); f++) {
        size_t length;
        char *body = file_load(files[f], &length), *packed = malloc(length + 1000);
        struct answer plain, answer;

        ask(&service, "", body, length, false, &plain);
        for (size_t c = 0; c < 2 * COUNT(codings); c++) {
            const size_t size =
                compress_as(codings[c / 2].bits, body, length, packed, length + 1000);

            ask(&service, codings[c / 2].name, packed, size, c % 2 == 1, &answer);
            ck_assert_int_eq(answer.status, plain.status);
            ck_assert_str_eq(body_of(&answer), body_of(&plain));
            free(answer.text);
        }
        free(plain.text);
        free(packed);
        free(body);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

#define BLANK ((size_t)20 << 20)

/* A request with 20 MiB of white space. */
static char *make_blank(void)
{
    static const char request[] = "{\"tokens\":[0,1],\"logits\":[[0,1]]}";
    char *text = malloc(BLANK);

    memset(text, ' ', BLANK);
    memcpy(text, request, sizeof request - 1);
    return text;
}

static const struct {
    const char *arguments[5];
    int bits;
    long status;
    const char *says;
} limits[] = {
    {{"--max-inflation", "100"}, 31, 413, "--max-inflation"},
    {{"--max-inflation", "100"}, -15, 413, "--max-inflation"},
    {{"--max-inflation", "100"}, 0, 413, "--max-inflation"},
    {{NULL}, 0, 413, "more than 1000 times"},
    {{"--max-inflation", "100000"}, 0, 200, "\"log_prob\""},
    {{"--max-body", "10MiB", "--max-inflation", "2000"}, 31, 413, "--max-body limits that, too"},
    {{"--max-body", "10MiB", "--max-inflation", "100000"}, 0, 413, "--max-body limits that, too"},
    {{"--max-body", "1KiB"}, 31, 413, "the body is longer than 1024 bytes, the limit"},
    {{"--max-request-memory", "64KiB"}, 31, 413, "--max-request-memory"},
    {{"--max-memory", "64KiB"}, 31, 503, "--max-memory"},
};

START_TEST(limits_name_their_flags)
{
    char *blank = make_blank(), *packed = malloc(1 << 20);
    struct answer answer;

    for (size_t i = 0; i < COUNT(limits); i++) {
        const char *name = limits[i].bits == 31 ? "gzip" : limits[i].bits ? "deflate" : "zstd";
        const size_t size = compress_as(limits[i].bits, blank, BLANK, packed, 1 << 20);
        struct service service;

        service_start(&service, limits[i].arguments);
        ask(&service, name, packed, size, false, &answer);
        ck_assert_msg(answer.status == limits[i].status && strstr(answer.text, limits[i].says),
                      "row %zu: %s", i, answer.text);
        free(answer.text);
        ck_assert_int_eq(service_stop(&service), 0);
    }
    free(packed);
    free(blank);
}
END_TEST

static const struct {
    const char *coding, *body;
    long status;
    const char *says;
} refusals[] = {
    {"br", "x", 415, "Accept-Encoding: gzip, deflate, zstd\r\n"},
    {"gzip, gzip", "x", 415, "Content-Encoding gzip, gzip is not supported"},
    {"gzip", "{\"tokens\":[0,1],\"logits\":[[0,1]]}", 400, "\"code\":\"bad_encoding\""},
    {"gzip", "", 400, "ends early"},
    {"identity", "{\"tokens\":[0,1],\"logits\":[[0,1]]}", 200, "\"log_prob\""},
};

START_TEST(refusals_say_why)
{
    struct service service;
    struct answer answer;

    service_start(&service, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        ask(&service, refusals[i].coding, refusals[i].body, strlen(refusals[i].body), false,
            &answer);
        ck_assert_msg(answer.status == refusals[i].status && strstr(answer.text, refusals[i].says),
                      "%s: %s", refusals[i].coding, answer.text);
        free(answer.text);
    }
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

START_TEST(metrics_count_both_sizes)
{
    static const char request[] = "{\"tokens\":[0,1],\"logits\":[[0,1]]}";
    struct service service;
    struct answer answer;
    struct reply reply;
    char packed[256], expected[128];
    const size_t size = compress_as(31, request, sizeof request - 1, packed, sizeof packed);

    service_start(&service, NULL);
    ask(&service, "gzip", packed, size, false, &answer);
    ck_assert_int_eq(answer.status, 200);
    free(answer.text);
    snprintf(expected, sizeof expected, "\nlogitd_http_request_body_inflated_bytes_total %zu\n",
             sizeof request - 1);
    for (int tries = 0;; tries++) { /* published once the answer is out */
        service_get(&service, "/metrics", &reply);
        if (strstr(reply.body, expected))
            break;
        ck_assert_msg(tries < 500, "%s", reply.body);
        free(reply.body);
        usleep(10000);
    }
    snprintf(expected, sizeof expected, "\nlogitd_http_request_body_bytes_total %zu\n", size);
    ck_assert_ptr_nonnull(strstr(reply.body, expected));
    free(reply.body);
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_are_those_of_plain_bodies, limits_name_their_flags,
                                  refusals_say_why, metrics_count_both_sizes, NULL};

    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("coding", tests);
}
