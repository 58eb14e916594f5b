/* test_forms.c - multipart bodies to the real binary: golden ones, those that libcurl makes, and
 * large ones in constant memory. */
#include "tests/http/service.h"
#include "tests/unit/golden.h"
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TYPE "multipart/form-data; boundary=logitd-test-boundary"
#define MEMORY ((long)16 << 10) /* KiB that a body of any length may take above idle */

static struct service service;

static struct golden_cases cases;

/* A golden body is answered with the bytes that the same request as JSON is. */
START_TEST(a_golden_form_is_answered_as_json_is)
{
    const char *folder = cases.list[_i].folder;
    size_t form_length, json_length;
    char *form = golden_load(folder, "body", &form_length),
         *json = golden_load(folder, "request.json", &json_length);
    struct reply a, b;

    ck_assert_msg(form && json, "%s", folder);
    service_post_as(&service, "/v1/score", TYPE, form, form_length, &a);
    service_post(&service, "/v1/score", json, json_length, &b);
    ck_assert_msg(a.status == 200 && b.status == 200 && strcmp(a.body, b.body) == 0,
                  "%s\n%ld %s\n%ld %s", folder, a.status, a.body, b.status, b.body);
    free(a.body);
    free(b.body);
    free(form);
    free(json);
}
END_TEST

/* ---- libcurl's own forms ---- */

/* What a part `logits` is made of: a head, then rows of zeros. */
struct source {
    const char *head;
    size_t head_length;
    size_t at, length;
};

static size_t read_source(char *out, size_t size, size_t count, void *context)
{
    struct source *source = context;
    const size_t left = source->length - source->at;
    const size_t length = left < size * count ? left : size * count;

    for (size_t i = 0; i < length && source->at + i < source->head_length; i++)
        out[i] = source->head[source->at + i];
    if (source->at + length > source->head_length) {
        const size_t from = source->at < source->head_length ? source->head_length - source->at : 0;

        memset(out + from, 0, length - from);
    }
    source->at += length;
    return length;
}

/* `length` is -1 for a chunked body. */
static void post_form(const char *request, struct source *source, curl_off_t length,
                      struct reply *reply)
{
    CURL *curl = curl_easy_init();
    curl_mime *mime = curl_mime_init(curl);
    curl_mimepart *part = curl_mime_addpart(mime);

    curl_mime_name(part, "request");
    curl_mime_type(part, "application/json");
    curl_mime_data(part, request, CURL_ZERO_TERMINATED);
    part = curl_mime_addpart(mime);
    curl_mime_name(part, "logits");
    curl_mime_filename(part, "logits.npy");
    curl_mime_data_cb(part, length, read_source, NULL, NULL, source);
    curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
    curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 1L << 20);
    service_perform(&service, "/v1/score", NULL, curl, reply);
    curl_mime_free(mime);
}

static const char small_npy[] =
    "\x93NUMPY\1\0\x46\0{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }          \n";

START_TEST(forms_of_libcurl_are_read)
{
    for (int chunked = 0; chunked < 2; chunked++) {
        const size_t length = sizeof small_npy - 1 + 2 * 4 * 4;
        struct source source = {small_npy, sizeof small_npy - 1, 0, length};
        struct reply reply;

        post_form("{\"tokens\":[0,1,2]}", &source, chunked ? -1 : (curl_off_t)length, &reply);
        ck_assert_msg(reply.status == 200 && strstr(reply.body, "\"perplexity\":4,"), "%ld %s",
                      reply.status, reply.body);
        free(reply.body);
    }
}
END_TEST

/* What examples/README.md says: once.npy is once.json's logits. */
START_TEST(the_example_is_answered_as_json_is)
{
    struct source source;
    size_t length, json_length;
    char *json = file_load("examples/once.json", &json_length),
         *head = file_load("examples/once.npy", &length), *request = strdup(json);
    struct reply form, whole;

    source = (struct source){head, length, 0, length};
    strcpy(strstr(request, ",\"logits\":"), "}");
    post_form(request, &source, (curl_off_t)length, &form);
    service_post(&service, "/v1/score", json, json_length, &whole);
    ck_assert_msg(form.status == 200 && strcmp(form.body, whole.body) == 0, "%s\n%s", form.body,
                  whole.body);
    free(form.body);
    free(whole.body);
    free(json);
    free(head);
    free(request);
}
END_TEST

/* ---- large bodies ---- */

#define WIDTH 128256

/* The most memory that the server ever had, in KiB. */
static long peak_memory(void)
{
    char path[64], line[256];
    long peak = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)service.pid);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        sscanf(line, "VmHWM: %ld", &peak);
    fclose(file);
    return peak;
}

static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

static void post_large(const char *dtype, size_t size, size_t rows)
{
    const size_t length = rows * WIDTH * size;
    char *request = malloc(rows * 8 + 256);
    struct source source = {"", 0, 0, length};
    struct reply reply;
    const char *found;
    size_t at = (size_t)sprintf(request,
                                "{\"per_token\":false,\"dtype\":\"%s\",\"shape\":[%zu,%d],"
                                "\"tokens\":[0",
                                dtype, rows, WIDTH);

    for (size_t i = 0; i < rows; i++)
        at += (size_t)sprintf(request + at, ",%zu", i);
    sprintf(request + at, "]}");
    post_form(request, &source, (curl_off_t)length, &reply);
    found = strstr(reply.body, "\"loss\":");
    ck_assert_msg(reply.status == 200 && found
                      && fabs(strtod(found + 7, NULL) - log(WIDTH)) < 1e-12,
                  "%ld %s", reply.status, reply.body);
    free(reply.body);
    free(request);
}

START_TEST(large_forms_need_little_memory)
{
    const size_t rows = getenv("LOGITD_TEST_LONG") ? 8000 : 100;
    const long idle = peak_memory();

    post_large("f32", 4, rows);
    post_large("bf16", 2, rows);
    post_large("f16", 2, rows);
    ck_assert_msg(is_sanitized() || peak_memory() - idle <= MEMORY, "%ld KiB above %ld",
                  peak_memory() - idle, idle);
}
END_TEST

int main(void)
{
    const TTest *const first[] = {large_forms_need_little_memory, NULL};
    const TTest *const tests[] = {forms_of_libcurl_are_read, the_example_is_answered_as_json_is,
                                  NULL};
    int result;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    golden_find(&cases, "tests/golden/forms/valid", 0);
    result = suite_main("memory", first); /* before anything else takes some */
    result |= suite_run(
        "forms", (const struct loop[]){{a_golden_form_is_answered_as_json_is, cases.count}, {0}},
        tests);
    result |= service_has_nan(&service);
    if (service_stop(&service) != 0)
        result = 1;
    curl_global_cleanup();
    return result;
}
