/* test_form.c - multipart bodies: the same bytes as JSON, for every cut, in little memory.
 *
 * tests/golden/forms/valid/NAME: body is answered as request.json is; invalid/NAME: body is refused
 * as expect.json says, and as request.json is where there is one (forms.py). */
#include "tests/plain/load.h"
#include "tests/unit/golden.h"
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/body/safetensors.h"
#include "api/json/dom.h"

#include <stdio.h>
#include <stdlib.h>

#define TYPE "multipart/form-data; boundary=logitd-test-boundary"

static void check_same(const struct exchange *a, const struct exchange *b, const char *folder,
                       size_t cut)
{
    ck_assert_msg(a->reply.status == b->reply.status && a->reply.length == b->reply.length
                      && memcmp(a->reply.body, b->reply.body, a->reply.length) == 0,
                  "%s, cut at %zu\n%.*s\n%.*s", folder, cut, (int)a->reply.length, a->reply.body,
                  (int)b->reply.length, b->reply.body);
}

/* Every two pieces, and every byte alone. */
static void check_cuts(const struct exchange *whole, const struct api *api, const char *type,
                       const char *body, size_t length, const char *folder)
{
    struct exchange x;

    for (size_t first = 0; first < length; first++) {
        post_as(&x, api, type, body, length, first, first == 0 ? 1 : length);
        check_same(&x, whole, folder, first);
        exchange_release(&x);
    }
}

static void check_json(const struct exchange *form, const char *folder)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    size_t length;
    char *request = golden_load(folder, "request.json", &length);

    if (!request)
        return;
    post(&x, &api, request, length, 0, length);
    check_same(form, &x, folder, 0);
    ck_assert_msg(form->reply.status != 200 || form->stats.rows <= x.stats.rows, "%s", folder);
    exchange_release(&x);
    free(request);
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void check_refused(const struct exchange *x, const char *folder)
{
    char code[64], pointer[64], *text;
    struct arena arena;
    json_error_t error;
    bool starved;
    size_t length;
    json_t *expect;

    arena_init(&arena, PLENTY, NULL);
    text = golden_load(folder, "expect.json", &length);
    expect = text ? plain_load(text, length, &arena, &error, &starved) : NULL;
    ck_assert_msg(expect != NULL, "%s", folder);
    snprintf(code, sizeof code, "\"code\":\"%s\"", text_of(expect, "code"));
    snprintf(pointer, sizeof pointer, "{\"pointer\":\"%s\",", text_of(expect, "pointer"));
    ck_assert_msg(x->reply.status == json_integer_value(json_object_get(expect, "status"))
                      && reply_has(x, code) && reply_has(x, pointer)
                      && strstr(x->error.detail, text_of(expect, "detail")),
                  "%s: %.*s", folder, (int)x->reply.length, x->reply.body);
    arena_release(&arena);
    free(text);
}

/* With few rows kept: a form needs none, its request comes first. */
static void check_case(const char *folder, bool valid)
{
    struct api api = plain_api(PLENTY);
    size_t length, type_length;
    char *body = golden_load(folder, "body", &length),
         *type = golden_load(folder, "content_type", &type_length);
    struct exchange whole;

    ck_assert_msg(body != NULL, "%s", folder);
    api.kept_rows = 0;
    post_as(&whole, &api, type ? type : TYPE, body, length, 0, PLENTY);
    if (!valid)
        check_refused(&whole, folder);
    else
        ck_assert_msg(whole.reply.status == 200, "%s: %.*s", folder, (int)whole.reply.length,
                      whole.reply.body);
    check_json(&whole, folder);
    check_cuts(&whole, &api, type ? type : TYPE, body, length, folder);
    exchange_release(&whole);
    free(body);
    free(type);
}

static struct golden_cases cases;

START_TEST(a_golden_form_may_be_cut_anywhere)
{
    check_case(cases.list[_i].folder, cases.list[_i].kind == 1);
}
END_TEST

/* What the file's first bytes already tell is not taken on trust. */
START_TEST(a_header_that_is_no_object_is_refused)
{
    static const char *const headers[] = {" {}", "[]", "1", "{}x", ""};

    for (size_t i = 0; i < COUNT(headers); i++) {
        char bytes[16] = {(char)strlen(headers[i])};
        struct file_tensors tensors;
        struct error err = {0};
        struct arena arena;

        arena_init(&arena, PLENTY, NULL);
        strcpy(bytes + SAFETENSORS_PREFIX, headers[i]);
        ck_assert_msg(!safetensors_read(bytes, SAFETENSORS_PREFIX + strlen(headers[i]), &tensors,
                                        &arena, "/logits", &err)
                          && err.code == ERR_BAD_DATA,
                      "%s: %s", headers[i], err.detail);
        arena_release(&arena);
    }
}
END_TEST

/* ---- large bodies ---- */

#define ROWS 400
#define WIDTH 2000
#define PART(name) "--logitd-test-boundary\r\nContent-Disposition: form-data; name=" name "\r\n\r\n"

/* A head, then ROWS rows of zeros, 0.0 of any dtype, then a tail; `step` bytes at a time. */
static void post_rows(struct exchange *x, const struct api *api, const char *head, size_t row,
                      const char *tail)
{
    static const char zeros[WIDTH * 8];
    bool good;

    exchange_init(x, api);
    x->request.id = "test";
    x->request.content_type = TYPE;
    good = endpoint_score.begin(x) && endpoint_score.feed(x, head, strlen(head));
    for (size_t i = 0; good && i < ROWS; i++)
        good =
            endpoint_score.feed(x, zeros, row / 3) && endpoint_score.feed(x, zeros, row - row / 3);
    good = good && endpoint_score.feed(x, tail, strlen(tail));
    if (good)
        endpoint_score.finish(x);
    else
        exchange_fail(x);
}

/* Bodies of 1.6 to 6.4 MB in half a megabyte. */
static const struct {
    const char *dtype;
    size_t size;
} large[] = {{"f64", 8}, {"f32", 4}, {"f16", 2}, {"bf16", 2}};

START_TEST(large_files_need_little_memory)
{
    const struct api api = plain_api(512 << 10);
    static char head[8192];
    struct exchange x;

    for (size_t i = 0; i < COUNT(large); i++) {
        size_t length = (size_t)sprintf(
            head, PART("request") "{\"dtype\":\"%s\",\"shape\":[%d,%d],\"tokens\":[0",
            large[i].dtype, ROWS, WIDTH);

        for (size_t t = 0; t < ROWS; t++)
            length += (size_t)sprintf(head + length, ",%zu", t);
        sprintf(head + length, "]}\r\n" PART("logits"));
        post_rows(&x, &api, head, WIDTH * large[i].size, "\r\n--logitd-test-boundary--\r\n");
        ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        /* ROWS * log(WIDTH) */
        ck_assert_msg(reply_has(&x, "\"log_prob\":-3040.36098"), "%.*s", 200, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

/* Tokens behind the logits: all rows must be kept. */
START_TEST(logits_before_their_tokens_must_fit)
{
    const struct api api = plain_api(512 << 10);
    static char head[8192];
    struct exchange x;
    const size_t bytes = (size_t)ROWS * WIDTH * 4;
    const char header[] =
        "{\"logits\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%zu]},"
        "\"tokens\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[%zu,%zu]}}";
    char text[512];
    const uint64_t length = (uint64_t)sprintf(text, header, ROWS, WIDTH, bytes, bytes, bytes + 4);
    bool good;

    exchange_init(&x, &api);
    x.request.id = "test";
    x.request.content_type = TYPE;
    sprintf(head, PART("request") "{}\r\n" PART("logits"));
    good = endpoint_score.begin(&x) && endpoint_score.feed(&x, head, strlen(head))
           && endpoint_score.feed(&x, (const char *)&length, sizeof length)
           && endpoint_score.feed(&x, text, (size_t)length);
    ck_assert(good);
    memset(head, 0, sizeof head);
    for (size_t i = 0; good && i < bytes / sizeof head; i++)
        good = endpoint_score.feed(&x, head, sizeof head);
    ck_assert(!good);
    exchange_fail(&x);
    ck_assert_msg(x.reply.status == 413 && reply_has(&x, "--max-request-memory")
                      && reply_has(&x, "before logits"),
                  "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* Rows behind those of a sequence are padding; that they were dropped is told, unless the request
 * says so.  A file of zeros, of `rows` rows with two numbers in all. */
static const struct {
    const char *request;
    size_t rows;
    const char *told; /* the warnings of the answer; NULL: none */
} padded[] = {
    {"{'shape':[1,5,2],'tokens':[0,1,0]}", 5, "'pointer':'/logits','count':2}]"},
    {"{'shape':[1,3,2],'tokens':[0,1,0]}", 3, NULL},
    {"{'shape':[1,2,2],'tokens':[0,1,0]}", 2, NULL},
    {"{'shape':[1,5,2],'tokens':[0,1,0],'padding':'right'}", 5, NULL},
    {"{'shape':[1,5,2],'tokens':[0,1,0],'padding':'left'}", 5, NULL},
    {"{'shape':[1,5,2],'tokens':[0,1,0,0,0],'attention_mask':[0,0,1,1,1]}", 5, NULL},
    {"{'shape':[2,3,2],'sequences':[{'tokens':[0,1,0]},{'tokens':[0,1]}]}", 6,
     "'pointer':'/sequences/1/logits','count':1}]"},
    {"{'shape':[2,3,2],'sequences':[{'tokens':[0,1]},{'tokens':[0,1],'padding':'right'}]}", 6,
     "'pointer':'/sequences/0/logits','count':1}]"},
};

/* Write JSON's quotes in place of single ones. */
static void quote(char *text)
{
    for (; *text; text++)
        *text = *text == '\'' ? '"' : *text;
}

START_TEST(rows_that_are_dropped_are_told)
{
    static const char head[] = "--logitd-test-boundary\r\nContent-Disposition: form-data; name=",
                      tail[] = "\r\n--logitd-test-boundary--\r\n";
    const struct api api = plain_api(PLENTY);
    char body[1024] = {0}, told[128] = "";
    struct exchange x;
    size_t length;

    length = (size_t)snprintf(body, sizeof body,
                              "%srequest\r\n\r\n{'dtype':'f32',%s\r\n%slogits\r\n\r\n", head,
                              padded[_i].request + 1, head);
    quote(body);
    length += padded[_i].rows * 2 * sizeof(float);
    memcpy(body + length, tail, sizeof tail);
    post_as(&x, &api, TYPE, body, length + sizeof tail - 1, 0, PLENTY);
    snprintf(told, sizeof told, "%s", padded[_i].told ? padded[_i].told : "'warnings'");
    quote(told);
    ck_assert_msg(x.reply.status == 200 && reply_has(&x, told) == (padded[_i].told != NULL)
                      && reply_has(&x, "padding_dropped") == (padded[_i].told != NULL),
                  "%s: %.*s", padded[_i].request, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_header_that_is_no_object_is_refused,
                                  large_files_need_little_memory,
                                  logits_before_their_tokens_must_fit, NULL};

    api_start();
    golden_find(&cases, "tests/golden/forms/valid", 1);
    golden_find(&cases, "tests/golden/forms/invalid", 0);
    return suite_run("form",
                     (const struct loop[]){{a_golden_form_may_be_cut_anywhere, cases.count},
                                           {rows_that_are_dropped_are_told, COUNT(padded)},
                                           {0}},
                     tests);
}
