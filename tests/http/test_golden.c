/* test_golden.c - the wire contract, case by case, against the real binary.
 *
 * tests/golden/valid/NAME: request.json must be answered with response.json: the same members in
 * the same order, the same strings, integers and nulls, numbers within 1e-13 of it (they come from
 * oracle.py, an independent implementation in decimal arithmetic).
 * tests/golden/invalid/NAME: request.json must be refused as expect.json says; its "says" is a text
 * that the detail has.
 * tests/golden/rank, compare, policy, preference: the same of POST /v1/rank, ..., by rank.py, ....
 * tests/golden/engines/NAME: the one or the other, with `outputs`. */
#include "tests/http/same.h"
#include "tests/http/service.h"
#include "tests/unit/golden.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct service service;

static void check_valid(const char *folder, const struct reply *reply)
{
    char path[512];
    json_t *got = json_loads(reply->body, JSON_REJECT_DUPLICATES, NULL), *right;

    snprintf(path, sizeof path, "%s/response.json", folder);
    right = json_load_file(path, 0, NULL);
    ck_assert_msg(reply->status == 200, "%s: %ld %.900s", folder, reply->status, reply->body);
    ck_assert_msg(right && json_same(got, right), "%s: %.900s", folder, reply->body);
    json_decref(got);
    json_decref(right);
}

static void check_invalid(const char *folder, const struct reply *reply)
{
    char path[512];
    json_t *got = json_loads(reply->body, JSON_REJECT_DUPLICATES, NULL), *expect;
    const json_t *pointer =
        json_object_get(json_array_get(json_object_get(got, "errors"), 0), "pointer");

    snprintf(path, sizeof path, "%s/expect.json", folder);
    expect = json_load_file(path, 0, NULL);
    ck_assert_msg(reply->status == json_integer_value(json_object_get(expect, "status"))
                      && json_integer_value(json_object_get(got, "status")) == reply->status
                      && json_same(json_object_get(got, "code"), json_object_get(expect, "code"))
                      && json_is_string(json_object_get(got, "request_id"))
                      && json_string_length(json_object_get(got, "detail")) > 0,
                  "%s: %.900s", folder, reply->body);
    ck_assert_msg(!json_object_get(expect, "pointer")
                      || json_same(pointer, json_object_get(expect, "pointer")),
                  "%s: %.900s", folder, reply->body);
    ck_assert_msg(!json_object_get(expect, "says")
                      || strstr(json_string_value(json_object_get(got, "detail")),
                                json_string_value(json_object_get(expect, "says"))),
                  "%s: %.900s", folder, reply->body);
    json_decref(got);
    json_decref(expect);
}

static void check_either(const char *folder, const struct reply *reply)
{
    char path[512];

    snprintf(path, sizeof path, "%s/expect.json", folder);
    if (access(path, F_OK) == 0)
        check_invalid(folder, reply);
    else
        check_valid(folder, reply);
}

static const struct {
    const char *path, *route;
    void (*check)(const char *folder, const struct reply *reply);
} folders[] = {
    {"tests/golden/valid", "/v1/score", check_valid},
    {"tests/golden/invalid", "/v1/score", check_invalid},
    {"tests/golden/engines", "/v1/score", check_either},
    {"tests/golden/rank/valid", "/v1/rank", check_valid},
    {"tests/golden/rank/invalid", "/v1/rank", check_invalid},
    {"tests/golden/compare/valid", "/v1/compare", check_valid},
    {"tests/golden/compare/invalid", "/v1/compare", check_invalid},
    {"tests/golden/policy/valid", "/v1/policy", check_valid},
    {"tests/golden/policy/invalid", "/v1/policy", check_invalid},
    {"tests/golden/preference/valid", "/v1/preference", check_valid},
    {"tests/golden/preference/invalid", "/v1/preference", check_invalid},
};
static struct golden_cases cases;

START_TEST(a_case_is_answered_as_it_must_be)
{
    const struct golden_case *one = &cases.list[_i];
    struct reply reply;
    size_t length;
    char *body = golden_load(one->folder, "request.json", &length);

    ck_assert_msg(body != NULL, "%s", one->folder);
    service_post(&service, folders[one->kind].route, body, length, &reply);
    folders[one->kind].check(one->folder, &reply);
    free(reply.body);
    free(body);
}
END_TEST

/* The examples of the README and of the demo work as they stand. */
START_TEST(examples_are_answered)
{
    static const char *const names[] = {"once", "empty_x", "animal", "length", "worked", "nested"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char path[64], *body;
        size_t length;
        struct reply reply;

        snprintf(path, sizeof path, "examples/%s.json", names[i]);
        body = file_load(path, &length);
        service_post(&service, "/v1/score", body, length, &reply);
        ck_assert_msg(reply.status == 200, "%s", reply.body);
        free(reply.body);
        free(body);
    }
}
END_TEST

START_TEST(the_comparison_is_answered)
{
    size_t length;
    char *body = file_load("examples/compare.json", &length);
    struct reply reply;

    service_post(&service, "/v1/compare", body, length, &reply);
    ck_assert_msg(reply.status == 200 && strstr(reply.body, "\"kl_ab\""), "%s", reply.body);
    free(reply.body);
    free(body);
}
END_TEST

/* The path of a pattern: a model and its version in place of what is in braces. */
static void fill_in(const char *pattern, char *out, size_t size)
{
    size_t length = 0;

    while (*pattern && length + 8 < size) {
        if (*pattern != '{') {
            out[length++] = *pattern++;
            continue;
        }
        length += (size_t)snprintf(out + length, size - length, "%s",
                                   strncmp(pattern, "{name}", 6) == 0 ? "score" : "1");
        pattern = strchr(pattern, '}') + 1;
    }
    out[length] = '\0';
}

/* The document and the routes say the same: what it says can be had, and it says all that there
 * is (docs/reference.md is made from the table of routes). */
START_TEST(openapi_has_every_route)
{
    struct reply reply;
    json_t *document, *described, *operations;
    const char *path;
    size_t length, rows = 0;
    char *reference = file_load("docs/reference.md", &length), file[128];

    service_get(&service, "/openapi.json", &reply);
    document = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
    described = json_object_get(document, "paths");
    ck_assert_ptr_nonnull(json_object_get(json_object_get(described, "/v1/score"), "post"));
    json_object_foreach(described, path, operations)
    {
        struct reply answer;

        snprintf(file, sizeof file, "| `%s` |", path);
        ck_assert_msg(strstr(reference, file) != NULL, "%s", path);
        if (!json_object_get(operations, "get"))
            continue;
        fill_in(path, file, sizeof file);
        service_get(&service, file, &answer);
        ck_assert_msg(answer.status == 200, "%s", path);
        free(answer.body);
    }
    for (const char *row = strstr(reference, "## Routes");
         row && row < strstr(reference, "## Metrics"); row = strstr(row + 1, "\n| "))
        rows += strncmp(row, "\n| GET", 6) == 0 || strncmp(row, "\n| POST", 7) == 0;
    ck_assert_uint_eq(json_object_size(described), rows);
    json_decref(document);
    free(reference);
    free(reply.body);
}
END_TEST

START_TEST(the_server_ends_well)
{
    ck_assert_msg(!service_has_nan(&service), "a number came out as NaN");
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {examples_are_answered, the_comparison_is_answered,
                                  openapi_has_every_route, the_server_ends_well, NULL};

    for (size_t i = 0; i < COUNT(folders); i++)
        golden_find(&cases, folders[i].path, (int)i);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    return suite_run("golden",
                     (const struct loop[]){{a_case_is_answered_as_it_must_be, cases.count}, {0}},
                     tests);
}
