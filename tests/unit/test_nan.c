/* test_nan.c - numbers that cannot be told: null in an answer, an error where binary data would
 * hold them, counted and logged.  No request is known that leads to one, so a kernel lies here. */
#include "tests/unit/infer_check.h"

#include "server/access_log.h"
#include "server/clock.h"
#include "server/routes.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static bool reduce_to_nan(const struct row *row, const struct transform *transform, unsigned wants,
                          struct row_stats *stats, struct row_fault *fault)
{
    (void)row;
    (void)transform;
    (void)wants;
    (void)fault;
    *stats = (struct row_stats){.log_sum = {(double)NAN, 0}, .entropy = (double)NAN};
    return true;
}

static void no_order(const struct row *row, struct order *order)
{
    (void)row;
    order->above = order->found = 0;
}

static const struct kernel liar = {"liar", reduce_to_nan, no_order, NULL, NULL};

static struct api lying_api(void)
{
    struct api api = plain_api(PLENTY);

    api.kernel = &liar;
    return api;
}

#define TWO "'tokens':[0,1],'logits':[[1,2,3]]"

/* How many NaN an answer would hold. */
static const struct {
    const struct endpoint *endpoint;
    const char *type, *body, *has;
    size_t nans;
} answers[] = {
    /* log_prob, loss_sum, loss, perplexity, bits_per_token, token_loss; in totals all but the last;
     * and the log_prob of the token */
    {&endpoint_score, NULL, "{" TWO "}", "'log_prob':[null,null]", 12},
    {&endpoint_score, NULL, "{" TWO ",'per_token':false}", "'perplexity':null", 10},
    {&endpoint_score, NULL, "{" TWO ",'per_token':false,'details':['entropy']}", "'loss':null", 10},
    {&endpoint_score, "application/x-ndjson", "{" TWO ",'per_token':false}\n{" TWO "}\n",
     "'requests':2,'errors':0", 27},
    {&endpoint_completions, NULL,
     "{'prompt':[0,1],'logits':[[1,2,3]],'max_tokens':0,'echo':true,'logprobs':0}",
     "'token_logprobs':[null,null]", 2},
};

START_TEST(they_are_null_and_counted)
{
    const struct api api = lying_api();

    for (size_t i = 0; i < COUNT(answers); i++) {
        char body[256], has[64];
        const size_t length = requote(answers[i].body, body);
        struct exchange x;

        requote(answers[i].has, has);
        post_with(&x, &api, answers[i].endpoint, answers[i].type, body, length, 0, PLENTY);
        ck_assert_msg(x.reply.status == 200 && reply_has(&x, has)
                          && x.stats.nans == answers[i].nans,
                      "row %zu: %u, %zu: %.*s", i, x.reply.status, x.stats.nans,
                      (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

/* Of /v2: `nans` numbers, as JSON or as bytes. */
static const struct {
    const char *body;
    unsigned status;
    size_t nans;
} inferences[] = {
    {REQUEST(TARGETS "," LOGITS), 200, 3},
    {ASKING("'parameters':{'precision':'fp64'}"), 200, 3},
    {ASKING("'parameters':{'binary_data_output':true}"), 500, 3},
    {ASKING("'parameters':{'binary_data_output':true,'precision':'fp64'}"), 500, 3},
    {ASKING("'outputs':[{'name':'logprobs','parameters':{'binary_data':true}}]"), 500, 2},
};

START_TEST(bytes_have_no_null)
{
    const struct api api = lying_api();

    for (size_t i = 0; i < COUNT(inferences); i++) {
        char body[512];
        const size_t length = requote(inferences[i].body, body);
        struct exchange x;

        post_infer(&x, &api, "/v2/models/logprobs/infer", NULL, body, length, 0, PLENTY);
        ck_assert_msg(
            x.reply.status == inferences[i].status && x.reply.inference_length == 0
                && reply_has(&x, x.reply.status == 200 ? "null" : "binary outputs have no null")
                && x.stats.nans == inferences[i].nans,
            "row %zu: %u, %zu: %.*s", i, x.reply.status, x.stats.nans, (int)x.reply.length,
            x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

/* What the metrics say that was counted. */
static uint64_t counted(struct metrics *metrics)
{
    static const char name[] = "\nlogitd_nan_results_total ";
    static char bytes[1 << 18];
    struct strbuf page = {.data = bytes, .capacity = sizeof bytes - 1};
    const char *at;

    metrics_write(metrics, &page);
    ck_assert(!page.failed);
    bytes[page.length] = '\0';
    at = strstr(bytes, name);
    ck_assert_ptr_nonnull(at);
    return strtoull(at + sizeof name - 1, NULL, 10);
}

/* What is read of the log when `nans` numbers of a request were NaN. */
static size_t record(struct metrics *metrics, size_t nans, char *out, size_t size)
{
    static struct exchange x;
    const struct access_entry entry = {.exchange = &x,
                                       .method = "POST",
                                       .version = "1.1",
                                       .client = "127.0.0.1",
                                       .agent = "",
                                       .trace_id = "",
                                       .start = clock_now(),
                                       .answered = true};
    struct log *log;
    int ends[2];
    ssize_t got;

    ck_assert_int_eq(pipe(ends), 0);
    log = log_new(ends[1], LOG_ERROR);
    ck_assert_ptr_nonnull(log);
    x.reply.status = 200;
    x.stats.nans = nans;
    x.request.id = "r-17";
    access_log_record(metrics, log, &entry);
    log_free(log, SECOND);
    close(ends[1]);
    got = read(ends[0], out, size - 1);
    close(ends[0]);
    out[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

START_TEST(they_are_logged)
{
    static struct metrics metrics;
    static char log[4096];

    ck_assert(metrics_init(&metrics, routes, "scalar"));
    ck_assert_uint_eq(record(&metrics, 0, log, sizeof log), 0);
    ck_assert_uint_eq(counted(&metrics), 0);
    ck_assert_uint_gt(record(&metrics, 3, log, sizeof log), 0);
    ck_assert_msg(strstr(log, "\"ERROR\"") && strstr(log, "\"logitd.nan_results\":3")
                      && strstr(log, "\"request_id\":\"r-17\""),
                  "%s", log);
    ck_assert_uint_eq(counted(&metrics), 3);
    metrics_release(&metrics);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {they_are_null_and_counted, bytes_have_no_null, they_are_logged,
                                  NULL};

    api_start();
    return suite_main("nan", tests);
}
