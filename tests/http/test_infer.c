/* test_infer.c - the Open Inference Protocol, against the real binary.
 *
 * tests/golden/infer/NAME: `request` sent as `line` says must be answered with the outputs of
 * response.json (infer.py): integers the same, FP32 the nearest one, FP64 within 1e-13. */
#include "tests/http/same.h"
#include "tests/http/service.h"
#include "tests/unit/golden.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOLERANCE 1e-13

static struct service service;

/* ---- one request ---- */

struct answer {
    long status;
    char *body;
    size_t length;
    char head[4096]; /* its header fields, in small letters */
};

static size_t keep_body(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *answer = context;

    answer->body = realloc(answer->body, answer->length + size * count + 1);
    memcpy(answer->body + answer->length, bytes, size * count);
    answer->length += size * count;
    answer->body[answer->length] = '\0';
    return size * count;
}

static size_t keep_head(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t length = strlen(answer->head);

    for (size_t i = 0; i < size * count && length < sizeof answer->head - 1; i++)
        answer->head[length++] =
            bytes[i] >= 'A' && bytes[i] <= 'Z' ? (char)(bytes[i] + 32) : bytes[i];
    answer->head[length] = '\0';
    return size * count;
}

/* The codings in a field Accept-Encoding, which curl then decodes.  NULL: it is another field. */
static const char *codings_in(const char *field)
{
    static const char name[] = "Accept-Encoding: ";

    return strncmp(field, name, strlen(name)) == 0 ? field + strlen(name) : NULL;
}

/* `fields`: further header fields, NULL at the end; "Content-Type:" sends none. */
static struct answer ask(const char *method, const char *path, const char *body, size_t length,
                         const char *const *fields)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *list = NULL;
    struct answer answer = {.body = calloc(1, 1)};
    char url[256];

    snprintf(url, sizeof url, "%s%s", service.url, path);
    for (size_t i = 0; fields && fields[i]; i++)
        if (codings_in(fields[i]))
            curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, codings_in(fields[i]));
        else
            list = curl_slist_append(list, fields[i]);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_head);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOBODY, strcmp(method, "HEAD") == 0 ? 1L : 0L);
    if (strcmp(method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body ? body : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    } else if (strcmp(method, "HEAD") != 0) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return answer;
}

/* ---- golden cases ---- */

/* How clients send: the gevent one no type and small letters, aio octets and whatever encodings. */
static const char *const manners[][4] = {
    {"Content-Type: application/json", "%s", NULL, NULL},
    {"Content-Type:", "%s", NULL, NULL},
    {"Content-Type: application/octet-stream", "%s", "Accept-Encoding: gzip, deflate", NULL},
    {"Content-Type: text/html; charset=x", "%s", NULL, NULL},
};

static double number_at(const char *bytes, const char *datatype)
{
    double wide;
    float single;
    int32_t integer;

    if (strcmp(datatype, "FP64") == 0) {
        memcpy(&wide, bytes, sizeof wide);
        return wide;
    }
    if (strcmp(datatype, "FP32") == 0) {
        memcpy(&single, bytes, sizeof single);
        return (double)single;
    }
    if (strcmp(datatype, "BOOL") == 0)
        return *bytes;
    memcpy(&integer, bytes, sizeof integer);
    return integer;
}

static size_t size_of(const char *datatype)
{
    return strcmp(datatype, "FP64") == 0 ? 8 : strcmp(datatype, "BOOL") == 0 ? 1 : 4;
}

/* What the golden file says of an element: a number, or the word of one. */
static double right_number(const json_t *right)
{
    const char *word = json_string_value(right);

    if (json_is_boolean(right))
        return json_is_true(right);
    if (!word)
        return json_number_value(right);
    return strcmp(word, "NaN") == 0 ? (double)NAN : *word == '-' ? -HUGE_VAL : HUGE_VAL;
}

static bool same_number(double got, double right, const char *datatype)
{
    if (isnan(right) || isinf(right))
        return isnan(right) ? isnan(got) : got == right;
    if (strcmp(datatype, "FP64") == 0)
        return fabs(got - right) <= TOLERANCE * fabs(right);
    return strcmp(datatype, "FP32") == 0 ? (float)got == (float)right : got == right;
}

/* An element of an output: in JSON, or (bytes) in a blob. */
static bool same_element(const json_t *got, const char *bytes, const json_t *right,
                         const char *datatype)
{
    if (bytes)
        return same_number(number_at(bytes, datatype), right_number(right), datatype);
    if (json_is_null(right) || json_is_boolean(right))
        return got && json_typeof(got) == json_typeof(right);
    return json_is_number(got)
           && same_number(json_number_value(got), right_number(right), datatype);
}

/* The element of an output BYTES is an answer, as JSON: in the head, or (bytes) in a blob. */
static size_t check_text(const char *name, const json_t *got, const char *bytes, json_t *right)
{
    const size_t length = bytes ? (unsigned char)bytes[0] | (size_t)(unsigned char)bytes[1] << 8
                                      | (size_t)(unsigned char)bytes[2] << 16
                                      | (size_t)(unsigned char)bytes[3] << 24
                                : json_string_length(got);
    json_t *answer = json_loadb(bytes ? bytes + 4 : json_string_value(got), length,
                                JSON_REJECT_DUPLICATES, NULL);

    ck_assert_msg(answer && json_same(answer, right), "%s", name);
    json_decref(answer);
    return 4 + length;
}

static void check_output(const char *name, json_t *got, json_t *right, const char **blob,
                         const char *end)
{
    const char *datatype = json_string_value(json_object_get(right, "datatype"));
    const bool binary = json_is_true(json_object_get(right, "binary"));
    const json_t *data = json_object_get(right, "data"), *mine = json_object_get(got, "data");
    size_t bytes = json_array_size(data) * size_of(datatype);

    ck_assert_msg(
        json_equal(json_object_get(got, "name"), json_object_get(right, "name"))
            && json_equal(json_object_get(got, "datatype"), json_object_get(right, "datatype"))
            && json_equal(json_object_get(got, "shape"), json_object_get(right, "shape")),
        "%s", name);
    ck_assert_msg((mine == NULL) == binary, "%s", name);
    ck_assert_msg(binary || json_array_size(mine) == json_array_size(data), "%s", name);
    if (strcmp(datatype, "BYTES") == 0)
        bytes = check_text(name, json_array_get(mine, 0), binary ? *blob : NULL,
                           json_array_get(data, 0));
    if (binary) {
        const json_t *size =
            json_object_get(json_object_get(got, "parameters"), "binary_data_size");

        ck_assert_uint_eq((size_t)json_integer_value(size), bytes);
        ck_assert_uint_le(bytes, (size_t)(end - *blob));
    }
    for (size_t i = 0; strcmp(datatype, "BYTES") != 0 && i < json_array_size(data); i++)
        ck_assert_msg(same_element(json_array_get(mine, i),
                                   binary ? *blob + i * size_of(datatype) : NULL,
                                   json_array_get(data, i), datatype),
                      "%s: %s [%zu]", name, json_string_value(json_object_get(right, "name")), i);
    *blob += binary ? bytes : 0;
}

static void check_answer(const char *name, const struct answer *answer, json_t *right)
{
    const char *field = strstr(answer->head, "inference-header-content-length: ");
    const size_t length = field ? strtoul(strchr(field, ':') + 1, NULL, 10) : answer->length;
    const char *blob = answer->body + length, *end = answer->body + answer->length;
    json_t *got = json_loadb(answer->body, length, JSON_REJECT_DUPLICATES, NULL);
    json_t *outputs = json_object_get(right, "outputs");
    bool binary = false;

    ck_assert_msg(answer->status == 200 && got, "%s: %ld %s", name, answer->status, answer->body);
    ck_assert(json_equal(json_object_get(got, "model_name"), json_object_get(right, "model_name")));
    ck_assert_str_eq(json_string_value(json_object_get(got, "model_version")), "1");
    ck_assert((!json_object_get(got, "id") && !json_object_get(right, "id"))
              || json_equal(json_object_get(got, "id"), json_object_get(right, "id")));
    ck_assert_uint_eq(json_array_size(json_object_get(got, "outputs")), json_array_size(outputs));
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        check_output(name, json_array_get(json_object_get(got, "outputs"), i),
                     json_array_get(outputs, i), &blob, end);
        binary |= json_is_true(json_object_get(json_array_get(outputs, i), "binary"));
    }
    ck_assert_msg(blob == end && binary == (field != NULL), "%s", name);
    ck_assert_ptr_nonnull(strstr(answer->head, binary ? "content-type: application/octet-stream"
                                                      : "content-type: application/json"));
    json_decref(got);
}

static void check_case(const char *folder)
{
    char path[400], target[128], header[32], field[80];
    size_t length;
    char *line, *body;
    json_t *right;

    snprintf(path, sizeof path, "%s/line", folder);
    line = file_load(path, &length);
    ck_assert_int_eq(sscanf(line, "%127s %31s", target, header), 2);
    snprintf(path, sizeof path, "%s/response.json", folder);
    right = json_load_file(path, 0, NULL);
    ck_assert_ptr_nonnull(right);
    snprintf(path, sizeof path, "%s/request", folder);
    body = file_load(path, &length);
    for (size_t i = 0; i < COUNT(manners); i++) {
        const char *fields[] = {manners[i][0], field, manners[i][2], NULL};
        struct answer answer;

        snprintf(field, sizeof field, "%s: %s",
                 *header == '-' ? "X-Nothing"
                 : i == 1       ? "inference-header-content-length"
                                : "Inference-Header-Content-Length",
                 header);
        answer = ask("POST", target, body, length, fields);
        check_answer(folder, &answer, right);
        free(answer.body);
    }
    json_decref(right);
    free(body);
    free(line);
}

static struct golden_cases cases;

START_TEST(a_golden_request_is_answered)
{
    check_case(cases.list[_i].folder);
}
END_TEST

/* ---- the other routes ---- */

#define EXTENSIONS                                                                                 \
    "\"extensions\":[\"binary_tensor_data\",\"statistics\",\"model_configuration\","               \
    "\"model_repository\",\"parameters\"]"

static const struct {
    const char *method, *path, *body;
    long status;
    const char *text; /* that the body has */
    const char *head; /* that the head has; NULL: anything */
} asked[] = {
    {"GET", "/v2", NULL, 200, EXTENSIONS, NULL},
    {"GET", "/v2/", NULL, 200, "\"name\":\"logitd\"", NULL},
    {"GET", "/v2?x=y", NULL, 200, "\"name\":\"logitd\"", NULL},
    {"HEAD", "/v2", NULL, 200, "", "content-type: application/json"},
    {"OPTIONS", "/v2", NULL, 204, "", "allow: get, head, options"},
    {"GET", "/v2/health/live", NULL, 200, "{\"live\":true}", NULL},
    {"GET", "/v2/health/ready", NULL, 200, "{\"ready\":true,\"live\":true}", NULL},
    {"GET", "/v2/models/score", NULL, 200,
     "\"platform\":\"logits_scorer\",\"inputs\":[{\"name\":\"logits\",\"datatype\":\"FP32\","
     "\"shape\":[-1,-1,-1]}",
     NULL},
    {"GET", "/v2/models/logprobs/versions/1", NULL, 200, "\"versions\":[\"1\"]", NULL},
    {"GET", "/v2/models/score/ready", NULL, 200, "{\"name\":\"score\",\"ready\":true}", NULL},
    {"GET", "/v2/models/score/versions/1/ready", NULL, 200, "\"ready\":true", NULL},
    {"GET", "/v2/models/score/config", NULL, 200,
     "\"max_batch_size\":0,\"input\":[{\"name\":\"logits\",\"data_type\":\"TYPE_FP32\",\"dims\":"
     "[-1,-1,-1],\"optional\":false}",
     NULL},
    {"GET", "/v2/models/score/versions/1/config", NULL, 200, "\"optional\":true", NULL},
    {"GET", "/v2/models/score/versions/1/stats", NULL, 200, "{\"model_stats\":[{\"name\":\"score\"",
     NULL},
    {"POST", "/v2/repository/index", "", 200,
     "[{\"name\":\"logprobs\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"},", NULL},
    {"POST", "/v2/repository/index", "{\"ready\":true}", 200, "\"name\":\"score\"", NULL},
    {"HEAD", "/v2/models/score", NULL, 200, "", NULL},
    {"OPTIONS", "/v2/models/score/infer", NULL, 204, "", "allow: post, options"},
    /* errors */
    {"GET", "/v2/models/nothing", NULL, 404, "{\"error\":\"there is no model", NULL},
    {"GET", "/v2/models/nothing/ready", NULL, 404, "{\"error\":\"there is no model", NULL},
    {"GET", "/v2/models/nothing/stats", NULL, 404, "{\"error\":\"there is no model", NULL},
    {"GET", "/v2/models/nothing/config", NULL, 404, "{\"error\":\"there is no model", NULL},
    {"POST", "/v2/models/nothing/infer", "{}", 404, "{\"error\":\"there is no model", NULL},
    {"GET", "/v2/models/score/versions/2", NULL, 404, "{\"error\":\"model score has version 1",
     NULL},
    {"POST", "/v2/models/score/versions/01/infer", "{}", 404, "{\"error\":\"model score", NULL},
    {"GET", "/v2/models/", NULL, 404,
     "{\"error\":\"there is no such route; did you mean /v1/models?", NULL},
    {"GET", "/v2/nothing", NULL, 404, "{\"error\":\"there is no such route; ",
     "content-type: application/json"},
    {"GET", "/v20", NULL, 404, "\"code\":\"not_found\"", "content-type: application/problem+json"},
    {"GET", "/v2/models/score/infer", NULL, 405, "{\"error\":\"", "allow: post, options"},
    {"POST", "/v2/health/live", "", 405, "{\"error\":\"", "allow: get, head, options"},
    {"POST", "/v2/models/stats", "", 405, "{\"error\":\"", "allow: get, head, options"},
    {"POST", "/v2/models/score/generate", "", 404, "{\"error\":\"", NULL},
    {"POST", "/v2/models/score/infer", "", 400, "{\"error\":\"not JSON", NULL},
    {"POST", "/v2/models/score/infer", "{}", 400, "{\"error\":\"a request needs inputs\"}", NULL},
};

START_TEST(routes_are_answered)
{
    for (size_t i = 0; i < COUNT(asked); i++) {
        const char *body = asked[i].body;
        struct answer answer =
            ask(asked[i].method, asked[i].path, body, body ? strlen(body) : 0, NULL);

        ck_assert_msg(answer.status == asked[i].status && strstr(answer.body, asked[i].text)
                          && (!asked[i].head || strstr(answer.head, asked[i].head)),
                      "%s %s: %ld %s\n%s", asked[i].method, asked[i].path, answer.status,
                      answer.body, answer.head);
        free(answer.body);
    }
}
END_TEST

static json_int_t stat_of(const char *model, const char *group, const char *name)
{
    char path[64];
    struct answer answer;
    json_t *tree, *stats;
    json_int_t value;

    snprintf(path, sizeof path, "/v2/models/%s/stats", model);
    answer = ask("GET", path, NULL, 0, NULL);
    tree = json_loads(answer.body, 0, NULL);
    stats = json_array_get(json_object_get(tree, "model_stats"), 0);
    if (group)
        stats = json_object_get(json_object_get(stats, "inference_stats"), group);
    value = json_integer_value(json_object_get(stats, name));
    json_decref(tree);
    free(answer.body);
    return value;
}

START_TEST(statistics_count)
{
    static const char good[] =
        "{\"inputs\":[{\"name\":\"targets\",\"shape\":[2,1],\"datatype\":\"INT64\",\"data\":[0,0]},"
        "{\"name\":\"logits\",\"shape\":[2,1,1],\"datatype\":\"FP32\",\"data\":[1,2]}]}";
    const json_int_t calls = stat_of("logprobs", NULL, "execution_count");
    const json_int_t sequences = stat_of("logprobs", NULL, "inference_count");
    const json_int_t failed = stat_of("logprobs", "fail", "count");
    const json_int_t nanoseconds = stat_of("logprobs", "success", "ns");
    struct answer answer = ask("POST", "/v2/models/logprobs/infer", good, strlen(good), NULL);

    ck_assert_int_eq(answer.status, 200);
    free(answer.body);
    answer = ask("POST", "/v2/models/logprobs/infer", good, strlen(good) - 1, NULL);
    ck_assert_int_eq(answer.status, 400);
    free(answer.body);
    ck_assert_int_eq(stat_of("logprobs", NULL, "execution_count"), calls + 1);
    ck_assert_int_eq(stat_of("logprobs", NULL, "inference_count"), sequences + 2);
    ck_assert_int_eq(stat_of("logprobs", "success", "count"), calls + 1);
    ck_assert_int_eq(stat_of("logprobs", "fail", "count"), failed + 1);
    ck_assert_int_gt(stat_of("logprobs", "success", "ns"), nanoseconds);
    ck_assert_int_gt(stat_of("logprobs", NULL, "last_inference"), 1600000000000);
}
END_TEST

/* Labels are patterns, never what was asked for. */
START_TEST(metrics_name_patterns)
{
    struct answer answer = ask("GET", "/v2/models/secret-name", NULL, 0, NULL);

    free(answer.body);
    answer = ask("GET", "/metrics", NULL, 0, NULL);
    ck_assert_ptr_nonnull(strstr(answer.body, "route=\"/v2/models/{name}\",method=\"GET\""));
    ck_assert_ptr_nonnull(strstr(answer.body, "route=\"/v2/models/{name}/infer\",method=\"POST\""));
    ck_assert_ptr_null(strstr(answer.body, "secret-name"));
    free(answer.body);
}
END_TEST

START_TEST(the_server_ends_well)
{
    ck_assert_msg(!service_has_nan(&service), "a number came out as NaN");
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

/* ---- other settings ---- */

/* Errors that are found before the endpoint is asked look the same. */
START_TEST(limits_and_keys_err_in_the_same_shape)
{
    char key[] = "/tmp/logitd-infer-XXXXXX";
    const char *const arguments[] = {"--api-key-file", key, "--max-body", "64", NULL};
    const char *const allowed[] = {"Authorization: Bearer a-key-that-is-long-enough", NULL};
    const char *const twice[] = {"Inference-Header-Content-Length: 5",
                                 "inference-header-content-length: 5", allowed[0], NULL};
    const int fd = mkstemp(key);
    FILE *file = fdopen(fd, "w");
    char body[100] = {0};
    struct answer answer;

    fputs("a-key-that-is-long-enough\n", file);
    fclose(file);
    service_start(&service, arguments);
    answer = ask("GET", "/v2/models/score", NULL, 0, NULL);
    ck_assert_msg(answer.status == 401 && !strncmp(answer.body, "{\"error\":\"", 10), "%s",
                  answer.body);
    free(answer.body);
    answer = ask("GET", "/v2/health/ready", NULL, 0, NULL);
    ck_assert_int_eq(answer.status, 200);
    free(answer.body);
    answer = ask("POST", "/v2/models/score/infer", body, sizeof body, allowed);
    ck_assert_msg(answer.status == 413 && strstr(answer.body, "--max-body")
                      && !strncmp(answer.body, "{\"error\":\"", 10),
                  "%s", answer.body);
    free(answer.body);
    answer = ask("POST", "/v2/models/score/infer", body, 10, twice);
    ck_assert_msg(answer.status == 400 && !strncmp(answer.body, "{\"error\":\"", 10), "%s",
                  answer.body);
    free(answer.body);
    ck_assert_int_eq(service_stop(&service), 0);
    remove(key);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {routes_are_answered,
                                  statistics_count,
                                  metrics_name_patterns,
                                  the_server_ends_well,
                                  limits_and_keys_err_in_the_same_shape,
                                  NULL};

    struct loop loops[] = {{a_golden_request_is_answered, 0}, {NULL, 0}};
    int failed;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    golden_find(&cases, "tests/golden/infer", 0);
    loops[0].count = cases.count;
    failed = suite_run("infer", loops, tests);
    golden_free(&cases);
    return failed;
}
