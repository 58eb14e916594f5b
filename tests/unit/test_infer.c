/* test_infer.c - /v2/models/NAME/infer without a server: that answers do not depend on how a body
 * is cut or what is kept, that they are the numbers of POST /v1/score, and that large bodies need
 * little memory. */
#include "tests/unit/golden.h"
#include "tests/unit/infer_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cuts ---- */

/* A golden case: its path, the value of its header field, or NULL, and its body. */
struct golden {
    char path[128], value[32], *body;
    const char *header;
    size_t length;
};

static void golden_read(struct golden *golden, const char *folder)
{
    char *line = golden_load(folder, "line", &golden->length);

    ck_assert_msg(line && sscanf(line, "%127s %31s", golden->path, golden->value) == 2, "%s",
                  folder);
    if (strstr(golden->path, "/versions/1")) /* another route, the same endpoint */
        strcpy(strstr(golden->path, "/versions/1"), "/infer");
    golden->header = *golden->value == '-' ? NULL : golden->value;
    golden->body = golden_load(folder, "request", &golden->length);
    ck_assert_msg(golden->body != NULL, "%s", folder);
    free(line);
}

static struct golden_cases cases;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    struct golden golden;

    golden_read(&golden, cases.list[_i].folder);
    check_cuts(cases.list[_i].folder, golden.path, golden.header, golden.body, golden.length, true);
    free(golden.body);
}
END_TEST

/* ---- null ---- */

/* Members that are null, and the same request without them. */
static const struct {
    const char *with, *without;
} nulls[] = {
    {ASKING("'id':null,'outputs':null,'parameters':null"), REQUEST(TARGETS "," LOGITS)},
    {"{'id':null,'outputs':null,'parameters':null,'inputs':[" TARGETS "," LOGITS "]}",
     REQUEST(TARGETS "," LOGITS)},
    {ASKING("'parameters':{'temperature':null,'smoothing':null,'binary_data_output':null}"),
     REQUEST(TARGETS "," LOGITS)},
    {ASKING("'outputs':[{'name':'loss','parameters':null}]"),
     ASKING("'outputs':[{'name':'loss'}]")},
    {ASKING("'outputs':[{'name':'loss','parameters':{'binary_data':null,'classification':null}}]"),
     ASKING("'outputs':[{'name':'loss'}]")},
    {REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','parameters':null,"
                     "'data':[1,2,3,4,5,6]}"),
     REQUEST(TARGETS "," LOGITS)},
    {REQUEST("{'parameters':{'binary_data_size':null,'shared_memory_region':null},"
             "'name':'targets','shape':[1,2],'datatype':'INT64','data':[1,0]}," LOGITS),
     REQUEST(TARGETS "," LOGITS)},
};

START_TEST(null_is_as_absent)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(nulls); i++) {
        char with[1024], without[1024];
        struct exchange x, y;

        requote(nulls[i].with, with);
        requote(nulls[i].without, without);
        post_infer(&x, &api, "/v2/models/logprobs/infer", NULL, with, strlen(with), 0, PLENTY);
        post_infer(&y, &api, "/v2/models/logprobs/infer", NULL, without, strlen(without), 0,
                   PLENTY);
        ck_assert_int_eq(y.reply.status, 200);
        check_same(&x, &y, with);
        exchange_release(&x);
        exchange_release(&y);
        check_cuts(with, "/v2/models/logprobs/infer", NULL, with, strlen(with), true);
    }
}
END_TEST

/* ---- members behind logits ---- */

/* What stands behind inputs, and whether rows that were reduced before it came are still right. */
static const struct {
    const char *model, *tail;
    bool refused;
} late[] = {
    {"logprobs", "", false},
    {"logprobs", ",'outputs':[{'name':'loss'}]", false},
    {"logprobs", ",'parameters':{'precision':'fp64','binary_data_output':true}", false},
    {"logprobs", ",'parameters':{'temperature':1}", true}, /* the name alone counts */
    {"logprobs", ",'id':'x','model_name':'y'", false},
    {"logprobs", ",'outputs':[{'name':'rank'}]", false}, /* all was computed that could be asked */
    {"logprobs", ",'outputs':[{'name':'entropy'}]", false},
    {"logprobs", ",'parameters':{'temperature':2}", true},
    {"logprobs", ",'parameters':{'softcap':2}", true},
    {"logprobs", ",'parameters':{'label_smoothing':0.5}", true},
    {"logprobs", ",'parameters':{'z_loss':0.5}", true},
    {"score", ",'outputs':[{'name':'conditional.loss'}]", false},
    {"score", ",'outputs':[{'name':'marginal.loss'}]", false},
    {"score", ",'parameters':{'alignment':'same'}", true},
};

/* The row of a prompt is bad, and what comes behind asks only for the completion: it is answered,
 * whether rows are kept or were judged before that was known. */
START_TEST(a_bad_row_may_turn_out_not_to_be_asked_about)
{
    static const char text[] =
        "{'inputs':[{'name':'tokens','shape':[1,3],'datatype':'INT64','data':[0,1,1]},"
        "{'name':'prompt_length','shape':[1],'datatype':'INT64','data':[2]},"
        "{'name':'logits','shape':[1,3,2],'datatype':'FP32','data':[1,NaN,2,1,0,0]}],"
        "'outputs':[{'name':'conditional.loss'}]}";
    struct api api = plain_api(PLENTY);
    char body[sizeof text];
    struct exchange x;

    requote(text, body);
    post_infer(&x, &api, "/v2/models/score/infer", NULL, body, strlen(body), 0, PLENTY);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
    api.kept_rows = 0;
    post_infer(&x, &api, "/v2/models/score/infer", NULL, body, strlen(body), 0, PLENTY);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

static void check_late(size_t i, bool streams)
{
    struct api api = plain_api(PLENTY);
    const bool score = strcmp(late[i].model, "score") == 0;
    char text[1024], body[1024], path[64];
    struct exchange whole, x;

    snprintf(text, sizeof text, "{'inputs':[%s%s,%s]%s}", streams ? "" : LOGITS ",",
             score ? TOKENS "," LENGTH : TARGETS, streams ? LOGITS : "", late[i].tail);
    if (!streams)
        memcpy(strstr(text, ",]"), " ]", 2);
    requote(text, body);
    snprintf(path, sizeof path, "/v2/models/%s/infer", late[i].model);
    post_infer(&whole, &api, path, NULL, body, strlen(body), 0, PLENTY);
    ck_assert_msg(whole.reply.status == 200, "%s\n%.*s", body, (int)whole.reply.length,
                  whole.reply.body);
    api.kept_rows = 0;
    post_infer(&x, &api, path, NULL, body, strlen(body), 0, PLENTY);
    if (streams && late[i].refused)
        check_refused(&x, body, 400, "put inputs last");
    else
        check_same(&x, &whole, body);
    exchange_release(&x);
    exchange_release(&whole);
}

START_TEST(late_members_are_applied_or_refused)
{
    for (size_t i = 0; i < COUNT(late); i++) {
        check_late(i, true);
        check_late(i, false); /* with logits first nothing is reduced early */
    }
}
END_TEST

/* ---- large bodies ---- */

#define ROWS 400
#define WIDTH 2000

/* 3 MB of rows of ones as a blob, in small pieces; the targets before or behind it. */
static void post_large(struct exchange *x, const struct api *api, bool targets_first)
{
    static const struct route route = {
        "POST", "/v2/models/{name}/infer", STYLE_OIP, &endpoint_infer, false, false, ""};
    static const char logits[] = "{\"name\":\"logits\",\"shape\":[1,%d,%d],\"datatype\":\"FP32\","
                                 "\"parameters\":{\"binary_data_size\":%d}}";
    static const char asked[] = "{\"name\":\"targets\",\"shape\":[1,%d],\"datatype\":\"INT32\","
                                "\"parameters\":{\"binary_data_size\":%d}}";
    static const int32_t targets[ROWS];
    static float row[WIDTH + 1];
    char tensors[2][192], json[512], header[24];
    bool good;

    snprintf(tensors[targets_first], sizeof *tensors, logits, ROWS, WIDTH, ROWS * WIDTH * 4);
    snprintf(tensors[!targets_first], sizeof *tensors, asked, ROWS, ROWS * 4);
    snprintf(json, sizeof json, "{\"inputs\":[%s,%s]}", tensors[0], tensors[1]);
    snprintf(header, sizeof header, "%zu", strlen(json));
    for (size_t i = 0; i < WIDTH; i++)
        row[i] = 1;
    exchange_init(x, api);
    x->request.id = "test";
    x->request.route = &route;
    x->request.style = STYLE_OIP;
    x->request.path = "/v2/models/logprobs/infer";
    x->request.inference_header = header;
    good = endpoint_infer.begin(x) && endpoint_infer.feed(x, json, strlen(json));
    for (int part = 0; part < 2 && good; part++)
        if ((part == 0) == targets_first)
            good = endpoint_infer.feed(x, (const char *)targets, sizeof targets);
        else
            for (size_t i = 0; i < ROWS && good; i++)
                good = endpoint_infer.feed(x, (const char *)row, 5)
                       && endpoint_infer.feed(x, (const char *)row + 5, WIDTH * sizeof *row - 5);
    if (good)
        endpoint_infer.finish(x);
    else
        exchange_fail(x);
}

/* 3 MB of rows through 200 KB; the same rows before their targets do not fit, and the answer says
 * why, and what to do. */
START_TEST(large_bodies_need_little_memory)
{
    const struct api api = plain_api((size_t)200 << 10);
    struct exchange x;

    post_large(&x, &api, true);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    ck_assert_uint_eq(x.stats.rows, ROWS);
    exchange_release(&x);
    post_large(&x, &api, false);
    ck_assert_uint_eq(x.reply.status, 413);
    ck_assert(reply_has(&x, "--max-request-memory") && reply_has(&x, "send logits last"));
    exchange_release(&x);
}
END_TEST

/* However little memory there is, it is said so. */
START_TEST(any_memory_will_do)
{
    static const char *const names[] = {"json_data_first", "binary_logits_first", "score_weights",
                                        "mixed_targets_json"};
    size_t good = 0, spent = 0;

    for (size_t i = 0; i < COUNT(names); i++) {
        struct golden golden;
        char folder[64];

        snprintf(folder, sizeof folder, "tests/golden/infer/%s", names[i]);
        golden_read(&golden, folder);
        for (size_t memory = 0; memory < (size_t)160 << 10; memory += 1024) {
            const struct api api = plain_api(memory);
            struct exchange x;

            post_infer(&x, &api, golden.path, golden.header, golden.body, golden.length, 0, 7);
            good += x.reply.status == 200;
            spent += x.reply.status == 413 && reply_has(&x, "--max-request-memory");
            ck_assert_msg(x.reply.status == 200
                              || (x.reply.status == 413 && reply_has(&x, "--max-request-memory")),
                          "%s %zu: %.*s", names[i], memory, (int)x.reply.length, x.reply.body);
            exchange_release(&x);
        }
        free(golden.body);
    }
    ck_assert_uint_gt(good, 480);
    ck_assert_uint_gt(spent, 80);
}
END_TEST

/* ---- the numbers of POST /v1/score ---- */

/* The array behind `name` in an answer. */
static void find_array(const struct exchange *x, const char *name, const char *key, char *out,
                       size_t size)
{
    const char *at = memmem(x->reply.body, x->reply.length, name, strlen(name));
    size_t length;

    ck_assert_ptr_nonnull(at);
    at = strstr(at, key);
    ck_assert_ptr_nonnull(at);
    at += strlen(key);
    length = strcspn(at, "]}") < size ? strcspn(at, "]}") : size - 1;
    memcpy(out, at, length);
    out[length] = '\0';
}

/* Rows of numbers that round in many ways, as JSON; doubles as text, or floats. */
static size_t write_rows(char *out, size_t rows, size_t width, bool nested)
{
    size_t length = 0;
    uint32_t seed = 1;

    for (size_t i = 0; i < rows * width; i++) {
        seed = seed * 1664525 + 1013904223;
        length += (size_t)sprintf(out + length, "%s%s%.9g%s", i > 0 && i % width > 0 ? "," : "",
                                  nested && i % width == 0  ? i > 0 ? ",[" : "["
                                  : i > 0 && i % width == 0 ? ","
                                                            : "",
                                  ((double)(seed >> 8) / 1048576 - 8) * 1.7,
                                  nested && i % width == width - 1 ? "]" : "");
    }
    return length;
}

START_TEST(the_numbers_are_those_of_score)
{
    static const char *const options[] = {"", "\"temperature\":0.7,\"softcap\":9.5",
                                          "\"label_smoothing\":0.1,\"z_loss\":0.001"};
    static char rows[65536], flat[65536], body[2 * 65536];
    const struct api api = plain_api(PLENTY);

    write_rows(rows, 7, 50, true);
    write_rows(flat, 7, 50, false);
    for (size_t i = 0; i < COUNT(options); i++) {
        static const char *const names[] = {"joint", "conditional", "marginal"};
        const char *comma = options[i][0] ? "," : "";
        struct exchange a, b;

        sprintf(body, "{\"tokens\":[9,8,7,6,5,4,3,2],\"prompt_length\":3,%s%s\"logits\":[%s]}",
                options[i], comma, rows);
        post(&a, &api, body, strlen(body), 0, PLENTY);
        sprintf(body,
                "{\"parameters\":{\"precision\":\"fp64\"%s%s},\"inputs\":[{\"name\":\"tokens\","
                "\"shape\":[1,8],\"datatype\":\"INT64\",\"data\":[9,8,7,6,5,4,3,2]},{\"name\":"
                "\"prompt_length\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[3]},{\"name\":"
                "\"logits\",\"shape\":[1,8,50],\"datatype\":\"FP32\",\"data\":[%s,%s]}]}",
                comma, options[i], flat,
                "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
                "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0");
        post_infer(&b, &api, "/v2/models/score/infer", NULL, body, strlen(body), 0, PLENTY);
        ck_assert_msg(a.reply.status == 200 && b.reply.status == 200, "%.*s\n%.*s",
                      (int)a.reply.length, a.reply.body, (int)b.reply.length, b.reply.body);
        for (size_t o = 0; o < COUNT(names); o++) {
            char member[64], left[64], right[64];
            char *end;

            snprintf(member, sizeof member, "\"%s\":", names[o]);
            find_array(&a, member, "\"log_prob\":", left, sizeof left);
            end = strchr(left, ',');
            *end = '\0';
            snprintf(member, sizeof member, "\"%s.log_prob\"", names[o]);
            find_array(&b, member, "\"data\":[", right, sizeof right);
            ck_assert_str_eq(left, right);
            snprintf(member, sizeof member, "\"%s\":", names[o]);
            find_array(&a, member, "\"loss\":", left, sizeof left);
            end = strchr(left, ',');
            *end = '\0';
            snprintf(member, sizeof member, "\"%s.loss\"", names[o]);
            find_array(&b, member, "\"data\":[", right, sizeof right);
            ck_assert_str_eq(left, right);
        }
        exchange_release(&a);
        exchange_release(&b);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {null_is_as_absent,
                                  late_members_are_applied_or_refused,
                                  a_bad_row_may_turn_out_not_to_be_asked_about,
                                  large_bodies_need_little_memory,
                                  any_memory_will_do,
                                  the_numbers_are_those_of_score,
                                  NULL};

    api_start();
    golden_find(&cases, "tests/golden/infer", 0);
    return suite_run(
        "infer", (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count}, {0}},
        tests);
}
