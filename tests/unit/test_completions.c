/* test_completions.c - POST /v1/completions: answers do not depend on how a body is cut, on what is
 * kept or on who reads it; and what becomes of members that come late. */
#include "tests/unit/cuts.h"

#include "api/exchange/status.h"

static struct golden_cases cases;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    check_golden(&cases.list[_i], &endpoint_completions, check_budgets);
}
END_TEST

/* `kept`: bytes of rows; what then happens to the request. */
static const struct {
    const char *body;
    size_t kept;
    const char *param; /* that came too late; NULL: it is answered as if logits stood last */
} late[] = {
    {"{'prompt':[0,1,2],'echo':true,'logits':[[1,2,3],[3,2,1]],'logprobs':1}", 24, NULL},
    {"{'prompt':[0,1,2],'echo':true,'logits':[[1,2,3],[3,2,1]],'logprobs':1}", 23, "logprobs"},
    {"{'prompt':[0,1,2],'echo':true,'logprobs':2,'logits':[[1,2,3],[3,2,1],[1,1,1]],"
     "'max_tokens':1}",
     0, "max_tokens"},
    {"{'prompt':[0,1,2],'max_tokens':1,'logprobs':2,'logits':[[1,2,3],[3,2,1],[1,1,1]],"
     "'echo':true}",
     0, "echo"},
    {"{'prompt':[[0,1],[1,2]],'echo':true,'logprobs':1,'logits':[[[1,2,3]],[[3,2,1]]],"
     "'dtype':'f64'}",
     0, "dtype"},
    {"{'prompt':[[0,1],[1,2]],'echo':true,'logits':[[[1,2,3]],[[3,2,1]]],'max_tokens':0,"
     "'model':'m','logprobs':1}",
     0, "max_tokens"},
    {"{'prompt':[[0,1],[1,2]],'echo':true,'logits':[[[1,2,3]],{'dtype':'f32','shape':[1,3],"
     "'data':'AACAPwAAAEAAAEBA'}],'logprobs':1}",
     0, "logprobs"},
    /* Rows wait for what says which tokens they are about, and whether anything is asked. */
    {"{'logits':[[1,2,3],[3,2,1]],'prompt':[0,1,2],'echo':true,'logprobs':1}", 0, NULL},
    {"{'prompt':[0,1,2],'logprobs':1,'logits':[[1,2,3],[3,2,1]],'echo':true}", 0, NULL},
    {"{'prompt':[0,1,2],'logprobs':1,'logits':[[1,2,3],[3,2,1],[4,4,5]],'max_tokens':1}", 0, NULL},
    /* The name alone counts, even where the value would change nothing. */
    {"{'prompt':[0,1,2],'echo':true,'logprobs':1,'logits':[[1,2,3],[3,2,1],[0,0,0]],'n':1,"
     "'max_tokens':0,'dtype':'f32'}",
     0, "max_tokens"},
    {"{'prompt':[0,1,2],'max_tokens':1,'logprobs':1,'logits':[[1,2,3],[3,2,1],[0,9,0]],"
     "'echo':false}",
     0, "echo"},
    /* What is only for the answer may come at any time. */
    {"{'prompt':[0,1,2],'echo':true,'logprobs':1,'logits':[[1,2,3],[3,2,1],[0,0,0]],"
     "'n':1,'stream':false,'model':'m','temperature':0}",
     0, NULL},
};

static void unquote(char *out, const char *text)
{
    strcpy(out, text);
    for (char *c = out; *c; c++)
        *c = *c == '\'' ? '"' : *c;
}

START_TEST(late_members_count_or_are_refused)
{
    for (size_t i = 0; i < COUNT(late); i++) {
        struct api api = plain_api(PLENTY);
        struct exchange x, kept;
        char body[512], param[64];

        unquote(body, late[i].body);
        post_to(&kept, &api, &endpoint_completions, body, strlen(body), 0, PLENTY);
        ck_assert_uint_eq(kept.reply.status, 200);
        api.kept_rows = late[i].kept;
        post_to(&x, &api, &endpoint_completions, body, strlen(body), 0, PLENTY);
        snprintf(param, sizeof param, "\"param\":\"%s\",\"code\":\"member_after_logits\"",
                 late[i].param ? late[i].param : "");
        if (late[i].param)
            ck_assert_msg(x.reply.status == 422 && reply_has(&x, param), "%s\n%.*s", body,
                          (int)x.reply.length, x.reply.body);
        else
            check_same(&x, &kept, body);
        exchange_release(&x);
        exchange_release(&kept);
    }
}
END_TEST

#define ROWS 300
#define WIDTH 1000

/* Two lists of rows, 2.4 MB as floats, through one megabyte. */
static void post_large(struct exchange *x, const struct api *api, const char *head,
                       const char *tail)
{
    static char row[WIDTH * 4];
    bool good;

    row[0] = '[';
    for (size_t i = 0; i < WIDTH; i++)
        memcpy(row + 1 + 2 * i, i + 1 < WIDTH ? "1," : "2]", 2);
    exchange_init(x, api);
    x->request.style = STYLE_OPENAI;
    good = endpoint_completions.begin(x) && endpoint_completions.feed(x, head, strlen(head));
    for (size_t prompt = 0; good && prompt < 2; prompt++) {
        good = endpoint_completions.feed(x, prompt == 0 ? "[" : ",[", prompt == 0 ? 1 : 2);
        for (size_t i = 0; good && i < ROWS; i++)
            good = endpoint_completions.feed(x, row, strlen(row))
                   && endpoint_completions.feed(x, i + 1 < ROWS ? "," : "]", 1);
    }
    if (good && endpoint_completions.feed(x, tail, strlen(tail)))
        endpoint_completions.finish(x);
    else
        exchange_fail(x);
}

static void write_prompts(char *out, const char *before, const char *after)
{
    size_t length = (size_t)sprintf(out, "%s\"prompt\":[[", before);

    for (size_t i = 0; i < 2 * ROWS; i++)
        length += (size_t)sprintf(out + length, "%zu%s", i % ROWS,
                                  i + 1 == ROWS       ? "],["
                                  : i + 1 == 2 * ROWS ? "]]"
                                                      : ",");
    strcpy(out + length, after);
}

START_TEST(large_bodies_need_little_memory)
{
    struct api api = plain_api(1 << 20);
    static char text[8192];
    struct exchange x;

    api.kept_rows = 64 << 10;
    write_prompts(text, "{\"echo\":true,\"max_tokens\":1,\"logprobs\":1,", ",\"logits\":[");
    post_large(&x, &api, text, "]}");
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    ck_assert_uint_eq(x.stats.rows, 2 * ROWS);
    ck_assert_uint_eq(x.stats.tokens, 2 * (ROWS - 1));
    exchange_release(&x);
    write_prompts(text, ",", "}");
    post_large(&x, &api, "{\"echo\":true,\"logits\":[", "]}");
    ck_assert_uint_eq(x.reply.status, 413);
    ck_assert_msg(reply_has(&x, "--max-request-memory") && reply_has(&x, "put logits last"), "%.*s",
                  (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* Every allocation may be the one that is refused. */
START_TEST(memory_may_run_out_anywhere)
{
    static const char body[] =
        "{\"prompt\":[[0,1],[1,2]],\"echo\":true,\"max_tokens\":1,\"logprobs\":2,\"logits\":"
        "[[[1,2,3],[1,2,3]],{\"dtype\":\"f32\",\"shape\":[2,1],\"data\":\"AACAPwAAAEA=\"}]}";
    size_t refused = 0;

    for (size_t kept = 0; kept < 2; kept++) {
        for (size_t limit = 0;; limit += 64) {
            struct api api = plain_api(limit);
            struct exchange x;
            unsigned status;

            api.kept_rows = kept * PLENTY;
            post_to(&x, &api, &endpoint_completions, body, strlen(body), 0, 7);
            status = x.reply.status;
            ck_assert_msg(status == 413 || (status == 422 && reply_has(&x, "/prompt/1/1")),
                          "%u %.*s", status, (int)x.reply.length, x.reply.body);
            exchange_release(&x);
            if (status == 422) /* a vocabulary of 1 lacks the id 2 */
                break;
            refused++;
        }
    }
    ck_assert_uint_gt(refused, 500); /* of steps of 64 bytes */
}
END_TEST

/* What is asked of the appended token is told of it, and its loss is in no sum. */
START_TEST(appended_tokens_have_no_loss)
{
    static const char body[] = "{\"prompt\":[0,0],\"echo\":true,\"max_tokens\":1,\"logprobs\":1,"
                               "\"logits\":[[0,0],[0,1]],\"model\":\"tiny\"}";
    struct api api = plain_api(PLENTY);
    struct exchange x;

    post_to(&x, &api, &endpoint_completions, body, strlen(body), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 200);
    ck_assert_uint_eq(x.stats.sequences, 1);
    ck_assert_uint_eq(x.stats.tokens, 1);
    ck_assert_uint_eq(x.stats.rows, 2);
    ck_assert_uint_eq(x.stats.vocabulary, 2);
    ck_assert_str_eq(x.stats.model, "tiny");
    ck_assert_uint_eq(x.stats.objective[OBJECTIVE_joint].tokens, 1);
    ck_assert_double_eq_tol(x.stats.objective[OBJECTIVE_joint].loss_sum, 0.6931471805599453, 1e-15);
    exchange_release(&x);
}
END_TEST

/* Every error has OpenAI's four members, and the type that its status asks for. */
START_TEST(errors_have_openais_shape)
{
    static struct exchange x;

    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++) {
        const unsigned status = status_of(code);
        const char *type = status >= 500   ? "server_error"
                           : status == 429 ? "rate_limit_error"
                                           : "invalid_request_error";
        char wanted[512];

        x = (struct exchange){.request.style = STYLE_OPENAI};
        error_set(&x.error, code, code % 2 == 0 ? "/logits/0/1" : "", "a \"reason\"");
        exchange_fail(&x);
        snprintf(wanted, sizeof wanted,
                 "{\"error\":{\"message\":\"%sa \\\"reason\\\"\",\"type\":\"%s\",\"param\":%s,"
                 "\"code\":\"%s\"}}\n",
                 code % 2 == 0 ? "/logits/0/1: " : "", type, code % 2 == 0 ? "\"logits\"" : "null",
                 error_slug(code));
        ck_assert_uint_eq(x.reply.status, status);
        ck_assert_str_eq(x.reply.type, "application/json");
        ck_assert_uint_eq(x.reply.length, strlen(wanted));
        ck_assert_mem_eq(x.reply.body, wanted, x.reply.length);
    }
}
END_TEST

/* What does not fit, because every byte needs an escape, is told without the text. */
START_TEST(errors_always_fit)
{
    static struct exchange x = {.request.style = STYLE_OPENAI};
    static const char wanted[] =
        "{\"error\":{\"message\":\"The body is not valid JSON\",\"type\":\"invalid_request_error\","
        "\"param\":null,\"code\":\"bad_json\"}}\n";

    x.error.code = ERR_BAD_JSON;
    memset(x.error.pointer, '\1', sizeof x.error.pointer - 1);
    memset(x.error.detail, '\1', sizeof x.error.detail - 1);
    exchange_fail(&x);
    ck_assert_uint_eq(x.reply.length, sizeof wanted - 1);
    ck_assert_mem_eq(x.reply.body, wanted, x.reply.length);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {late_members_count_or_are_refused,
                                  large_bodies_need_little_memory,
                                  memory_may_run_out_anywhere,
                                  appended_tokens_have_no_loss,
                                  errors_have_openais_shape,
                                  errors_always_fit,
                                  NULL};

    api_start();
    golden_find(&cases, "tests/golden/completions_valid", 0);
    golden_find(&cases, "tests/golden/completions_invalid", 0);
    return suite_run(
        "completions",
        (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count}, {0}}, tests);
}
