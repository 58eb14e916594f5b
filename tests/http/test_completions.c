/* test_completions.c - OpenAI's legacy shape, against the real binary.
 *
 * tests/golden/completions_valid/NAME: request.json must be answered with response.json (but for
 * id and created), made by completions.py in decimal arithmetic.
 * tests/golden/completions_invalid/NAME: request.json must be refused as expect.json says.
 * What lm-evaluation-harness reads of an answer is compared with the exact values of
 * tests/golden/stories260k. */
#include "tests/http/same.h"
#include "tests/http/service.h"
#include "tests/unit/golden.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct service service;

/* ---- golden cases ---- */

static json_t *load(const char *folder, const char *name)
{
    char path[512];
    json_t *value;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    value = json_load_file(path, 0, NULL);
    ck_assert_msg(value != NULL, "%s", path);
    return value;
}

/* id and created differ each time. */
static void check_head(json_t *answer)
{
    const char *id = json_string_value(json_object_get(answer, "id"));
    const json_int_t created = json_integer_value(json_object_get(answer, "created"));

    ck_assert(id && strncmp(id, "cmpl-", 5) == 0 && strlen(id) > 10);
    ck_assert_int_ge(created, (json_int_t)time(NULL) - 60);
    ck_assert_int_le(created, (json_int_t)time(NULL));
    json_object_del(answer, "id");
    json_object_del(answer, "created");
}

static void check_valid(const char *folder, const struct reply *reply)
{
    json_t *got = json_loads(reply->body, JSON_REJECT_DUPLICATES, NULL);
    json_t *right = load(folder, "response.json");

    ck_assert_msg(reply->status == 200, "%s: %ld %s", folder, reply->status, reply->body);
    check_head(got);
    ck_assert_msg(json_same(got, right), "%s: %s", folder, reply->body);
    json_decref(got);
    json_decref(right);
}

/* The error names the member as `param`, and the place in its message. */
static void check_error(const char *name, const struct reply *reply, const char *pointer)
{
    json_t *got = json_loads(reply->body, JSON_REJECT_DUPLICATES, NULL);
    const json_t *error = json_object_get(got, "error");
    const char *param = json_string_value(json_object_get(error, "param"));
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *type = json_string_value(json_object_get(error, "type"));
    char begin[128] = "";

    ck_assert_msg(json_object_size(got) == 1 && json_object_size(error) == 4 && message && type
                      && json_is_string(json_object_get(error, "code"))
                      && (param || json_is_null(json_object_get(error, "param"))),
                  "%s: %s", name, reply->body);
    if (pointer)
        snprintf(begin, sizeof begin, "%s: ", pointer);
    ck_assert_msg(strncmp(message, begin, strlen(begin)) == 0, "%s: %s", name, reply->body);
    ck_assert_msg(!pointer == !param, "%s: %s", name, reply->body);
    if (param)
        ck_assert_msg(strcspn(pointer + 1, "/") == strlen(param)
                          && strncmp(pointer + 1, param, strlen(param)) == 0,
                      "%s: %s", name, reply->body);
    json_decref(got);
}

static void check_invalid(const char *folder, const struct reply *reply)
{
    json_t *expect = load(folder, "expect.json");
    char code[64];

    snprintf(code, sizeof code, "\"code\":\"%s\"",
             json_string_value(json_object_get(expect, "code")));
    ck_assert_msg(reply->status == json_integer_value(json_object_get(expect, "status"))
                      && strstr(reply->body, code)
                      && strstr(reply->body, "\"type\":\"invalid_request_error\""),
                  "%s: %ld %s", folder, reply->status, reply->body);
    check_error(folder, reply, json_string_value(json_object_get(expect, "pointer")));
    json_decref(expect);
}

static const struct {
    const char *path;
    void (*check)(const char *folder, const struct reply *reply);
} folders[] = {
    {"tests/golden/completions_valid", check_valid},
    {"tests/golden/completions_invalid", check_invalid},
};
static struct golden_cases cases;

START_TEST(a_case_is_answered_as_it_must_be)
{
    const struct golden_case *one = &cases.list[_i];
    struct reply reply;
    size_t length;
    char *body = golden_load(one->folder, "request.json", &length);

    ck_assert_msg(body != NULL, "%s", one->folder);
    service_post(&service, "/v1/completions", body, length, &reply);
    folders[one->kind].check(one->folder, &reply);
    free(reply.body);
    free(body);
}
END_TEST

/* ---- lm-evaluation-harness ---- */

static const char *const stories[] = {"animal.0", "animal.1", "animal.2",    "ball",     "bytes",
                                      "empty_x",  "greedy",   "instruction", "length.0", "length.1",
                                      "length.2", "once",     "one_token"};

struct story {
    json_t *stats; /* tokens, prompt_length, positions */
    float *logits;
    size_t rows, width;
};

static void story_load(struct story *story, const char *name)
{
    char path[128];
    size_t length;

    snprintf(path, sizeof path, "%s.json", name);
    story->stats = load("tests/golden/stories260k", path);
    snprintf(path, sizeof path, "tests/golden/stories260k/%s.logits.f32", name);
    story->logits = (float *)(void *)file_load(path, &length);
    story->rows = json_array_size(json_object_get(story->stats, "tokens"));
    story->width = length / sizeof(float) / story->rows;
}

static void story_free(struct story *story)
{
    json_decref(story->stats);
    free(story->logits);
}

static void put(char **at, const char *text)
{
    const size_t length = strlen(text);

    memcpy(*at, text, length + 1);
    *at += length;
}

static void put_rows(char **at, const struct story *story)
{
    for (size_t i = 0; i < story->rows * story->width; i++) {
        char number[48];

        snprintf(number, sizeof number, "%s%.9g",
                 i == 0                  ? "[["
                 : i % story->width == 0 ? "],["
                                         : ",",
                 (double)story->logits[i]);
        put(at, number);
    }
    put(at, "]]");
}

/* What the harness sends for a batch, with the logits that a proxy adds. */
static json_t *ask_as_harness(const struct story *batch, size_t count)
{
    char *body = malloc(16u << 20), *at = body;
    struct reply reply;
    json_t *answer;

    put(&at, "{\"model\":\"stories\",\"prompt\":[");
    for (size_t i = 0; i < count; i++) {
        char *ids = json_dumps(json_object_get(batch[i].stats, "tokens"), JSON_COMPACT);

        put(&at, i > 0 ? "," : "");
        put(&at, ids);
        free(ids);
    }
    put(&at, "],\"temperature\":0,\"max_tokens\":1,\"logprobs\":1,\"seed\":1234,\"echo\":true,"
             "\"logits\":[");
    for (size_t i = 0; i < count; i++) {
        put(&at, i > 0 ? "," : "");
        put_rows(&at, &batch[i]);
    }
    put(&at, "]}");
    service_post(&service, "/v1/completions", body, (size_t)(at - body), &reply);
    ck_assert_msg(reply.status == 200, "%ld %.500s", reply.status, reply.body);
    answer = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
    free(reply.body);
    free(body);
    return answer;
}

/* The largest value of an object. */
static double greatest(const json_t *top)
{
    void *member = json_object_iter((json_t *)(uintptr_t)top);
    double most = -HUGE_VAL;

    for (; member; member = json_object_iter_next((json_t *)(uintptr_t)top, member))
        most = fmax(most, json_number_value(json_object_iter_value(member)));
    return most;
}

/* The harness takes token_logprobs[ctxlen:-1] and the same of top_logprobs: it sums the one, and
 * calls a continuation greedy where each equals the largest of the other. */
static void check_as_harness(const char *name, const struct story *story, const json_t *choice)
{
    const json_t *logprobs = json_object_get(choice, "logprobs");
    const json_t *tokens = json_object_get(logprobs, "token_logprobs");
    const json_t *top = json_object_get(logprobs, "top_logprobs");
    const json_t *positions = json_object_get(story->stats, "positions");
    const size_t ctxlen =
        (size_t)json_integer_value(json_object_get(story->stats, "prompt_length"));
    const size_t entries = json_array_size(tokens);
    bool greedy = true, is_greedy = true;
    double sum = 0, right = 0;

    ck_assert_uint_eq(entries, story->rows + 1);
    ck_assert_uint_eq(json_array_size(top), entries);
    ck_assert(json_is_null(json_array_get(tokens, 0)) && json_is_null(json_array_get(top, 0)));
    for (size_t i = ctxlen; i < entries - 1; i++) {
        const double value = json_number_value(json_array_get(tokens, i));
        const json_t *position = json_array_get(positions, i - 1);
        const json_t *id = json_array_get(json_object_get(story->stats, "tokens"), i);

        ck_assert(json_is_number(json_array_get(tokens, i)));
        sum += value;
        greedy &= value == greatest(json_array_get(top, i));
        right += json_number_value(json_object_get(position, "exact"));
        is_greedy &= json_equal(json_object_get(position, "argmax"), (json_t *)(uintptr_t)id);
    }
    ck_assert_msg(fabs(sum - right) <= 1e-13 * fabs(right), "%s: %.17g %.17g", name, sum, right);
    ck_assert_msg(greedy == is_greedy, "%s: %d", name, greedy);
}

/* One at a time and all in a batch; some continuations are greedy, some are not. */
START_TEST(the_harness_reads_what_is_right)
{
    struct story batch[COUNT(stories)];
    json_t *answer;

    for (size_t i = 0; i < COUNT(stories); i++) {
        story_load(&batch[i], stories[i]);
        answer = ask_as_harness(&batch[i], 1);
        check_as_harness(stories[i], &batch[i],
                         json_array_get(json_object_get(answer, "choices"), 0));
        json_decref(answer);
    }
    answer = ask_as_harness(batch, COUNT(stories));
    for (size_t i = 0; i < COUNT(stories); i++) {
        const json_t *choice = json_array_get(json_object_get(answer, "choices"), i);

        ck_assert_int_eq(json_integer_value(json_object_get(choice, "index")), (json_int_t)i);
        check_as_harness(stories[i], &batch[i], choice);
        story_free(&batch[i]);
    }
    json_decref(answer);
}
END_TEST

/* ---- the family ---- */

static const struct {
    const char *method, *path, *header, *body;
    long status;
    const char *code;
} refusals[] = {
    {"GET", "/v1/completions", "", "", 405, "method_not_allowed"},
    {"POST", "/v1/models", "", "", 405, "method_not_allowed"},
    {"GET", "/v1/models/gpt-4", "", "", 404, "not_found"},
    {"POST", "/v1/completions/", "", "{}", 404, "not_found"},
    {"POST", "/v1/completions", "Content-Type: text/plain", "{}", 415, "unsupported_media_type"},
    {"POST", "/v1/completions", "Content-Encoding: br", "{}", 415, "unsupported_media_type"},
    {"POST", "/v1/completions", "", "{\"x\":\"0123456789012345678901234567890123456789\"}", 413,
     "too_large"},
};

/* Whoever finds the fault, the error has OpenAI's shape. */
START_TEST(errors_have_one_shape)
{
    static const char *const arguments[] = {"--max-body", "40", NULL};
    struct service small;

    service_start(&small, arguments);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct reply reply;

        service_ask(&small, refusals[i].method, refusals[i].path, refusals[i].header,
                    refusals[i].body, strlen(refusals[i].body), &reply);
        ck_assert_msg(reply.status == refusals[i].status && strstr(reply.body, refusals[i].code),
                      "%s: %ld %s", refusals[i].path, reply.status, reply.body);
        check_error(refusals[i].path, &reply, NULL);
        free(reply.body);
    }
    ck_assert_int_eq(service_stop(&small), 0);
}
END_TEST

static const char tiny[] =
    "{\"prompt\":[0,1],\"echo\":true,\"logprobs\":1,\"logits\":[[1,2]],\"model\":\"m\"}";

/* Where no key is configured, none is looked at: clients send "Bearer " when they have none. */
START_TEST(an_empty_key_is_no_error)
{
    static const char *const headers[] = {"Authorization: Bearer ", "Authorization: Bearer",
                                          "Authorization: Bearer EMPTY", "X-API-Key;"};

    for (size_t i = 0; i < COUNT(headers); i++) {
        struct reply reply;

        service_ask(&service, "POST", "/v1/completions", headers[i], tiny, strlen(tiny), &reply);
        ck_assert_msg(reply.status == 200, "%s: %s", headers[i], reply.body);
        free(reply.body);
    }
}
END_TEST

START_TEST(a_wrong_key_is_an_error)
{
    char path[] = "/tmp/logitd_keys_XXXXXX";
    const int file = mkstemp(path);
    const char *const arguments[] = {"--api-key-file", path, NULL};
    struct service locked;
    struct reply reply;

    ck_assert_int_eq(write(file, "0123456789abcdef0123456789abcdef\n", 33), 33);
    close(file);
    service_start(&locked, arguments);
    service_ask(&locked, "POST", "/v1/completions", "Authorization: Bearer ", tiny, strlen(tiny),
                &reply);
    ck_assert_int_eq(reply.status, 401);
    check_error("no key", &reply, NULL);
    free(reply.body);
    service_ask(&locked, "POST", "/v1/completions",
                "Authorization: Bearer 0123456789abcdef0123456789abcdef", tiny, strlen(tiny),
                &reply);
    ck_assert_msg(reply.status == 200, "%s", reply.body);
    free(reply.body);
    ck_assert_int_eq(service_stop(&locked), 0);
    unlink(path);
}
END_TEST

START_TEST(models_are_listed)
{
    struct reply reply;
    json_t *answer;
    const json_t *model;

    service_get(&service, "/v1/models", &reply);
    ck_assert_int_eq(reply.status, 200);
    answer = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(answer, "object")), "list");
    model = json_array_get(json_object_get(answer, "data"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(model, "id")), "logitd");
    ck_assert_str_eq(json_string_value(json_object_get(model, "object")), "model");
    ck_assert_int_gt(json_integer_value(json_object_get(model, "created")), 0);
    json_decref(answer);
    free(reply.body);
}
END_TEST

/* The same numbers as POST /v1/score, digit for digit. */
START_TEST(scores_are_those_of_v1_score)
{
    static const char rows[] = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]";
    char body[512], wanted[512], *begin, *end;
    struct reply score, completion;

    snprintf(body, sizeof body, "{\"tokens\":[0,2,1,3],\"logits\":%s}", rows);
    service_post(&service, "/v1/score", body, strlen(body), &score);
    begin = strstr(score.body, "\"log_prob\":[");
    ck_assert_ptr_nonnull(begin);
    begin += strlen("\"log_prob\":[");
    end = strchr(begin, ']');
    snprintf(wanted, sizeof wanted, "\"token_logprobs\":[%.*s]", (int)(end - begin), begin);
    snprintf(body, sizeof body, "{\"prompt\":[0,2,1,3],\"echo\":true,\"logprobs\":0,\"logits\":%s}",
             rows);
    service_post(&service, "/v1/completions", body, strlen(body), &completion);
    ck_assert_msg(strstr(completion.body, wanted) != NULL, "%s\n%s", wanted, completion.body);
    free(score.body);
    free(completion.body);
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
    const TTest *const tests[] = {the_harness_reads_what_is_right,
                                  errors_have_one_shape,
                                  an_empty_key_is_no_error,
                                  a_wrong_key_is_an_error,
                                  models_are_listed,
                                  scores_are_those_of_v1_score,
                                  the_server_ends_well,
                                  NULL};

    for (size_t i = 0; i < COUNT(folders); i++)
        golden_find(&cases, folders[i].path, (int)i);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    return suite_run("completions",
                     (const struct loop[]){{a_case_is_answered_as_it_must_be, cases.count}, {0}},
                     tests);
}
