/* test_compare.c - POST /v1/compare without a server: how a body is cut changes nothing, all
 * kernels give the same bits, a model has the log-probabilities that POST /v1/score gives it, and
 * what does not fit is refused. */
#include "tests/unit/cuts.h"
#include "tests/unit/random.h"

#include "core/kernels.h"

static struct golden_cases cases;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    check_golden(&cases.list[_i], &endpoint_compare, check_budgets);
}
END_TEST

enum { WIDTH = 150, TOKENS = 6, BODY = 1 << 16 };

static size_t put_rows(char *out, uint64_t *state)
{
    size_t length = 0;

    for (size_t t = 0; t + 1 < TOKENS; t++)
        for (size_t i = 0; i < WIDTH; i++)
            length += (size_t)sprintf(out + length, "%s%.9g%s",
                                      i > 0   ? ","
                                      : t > 0 ? ",["
                                              : "[[",
                                      5 * random_normal(state), i + 1 < WIDTH ? "" : "]");
    return length + (size_t)sprintf(out + length, "]");
}

/* The text between `from` and the next ] behind it. */
static char *list_behind(const struct exchange *x, const char *from)
{
    char *text = strndup(x->reply.body, x->reply.length), *at, *list;

    ck_assert_ptr_nonnull(text);
    at = strstr(text, from);
    ck_assert_msg(at != NULL, "%s", text);
    at += strlen(from);
    list = strndup(at, strcspn(at, "]"));
    free(text);
    return list;
}

static const char head[] = "{\"tokens\":[1,2,149,0,77,5],\"prompt_length\":2,";

START_TEST(log_probs_are_those_of_score)
{
    static const char *const sides[] = {"\"tokens\":{\"id\":[1,2,149,0,77,5],\"a\":[", "],\"b\":["};
    static char rows[2][BODY], body[2 * BODY + 256];
    const struct api api = plain_api(PLENTY);
    struct exchange compared, scored;
    uint64_t state = 9;

    put_rows(rows[0], &state);
    put_rows(rows[1], &state);
    snprintf(body, sizeof body,
             "%s\"models\":[{\"logits\":%s},{\"temperature\":0.8,\"logits\":%s}]}", head, rows[0],
             rows[1]);
    post_to(&compared, &api, &endpoint_compare, body, strlen(body), 0, PLENTY);
    for (size_t side = 0; side < 2; side++) {
        char *a, *b;

        snprintf(body, sizeof body, "%s%s\"logits\":%s}", head,
                 side == 1 ? "\"temperature\":0.8," : "", rows[side]);
        post(&scored, &api, body, strlen(body), 0, PLENTY);
        a = list_behind(&compared, sides[side]);
        b = list_behind(&scored, "\"tokens\":{\"id\":[1,2,149,0,77,5],\"log_prob\":[");
        ck_assert_str_eq(a, b);
        free(a);
        free(b);
        exchange_release(&scored);
    }
    exchange_release(&compared);
}
END_TEST

START_TEST(kernels_make_no_difference)
{
    static char rows[2][BODY], body[2 * BODY + 256];
    uint64_t state = 4;

    for (size_t n = 0; n < times(5); n++) {
        struct api api = plain_api(PLENTY);
        struct exchange right, got;

        put_rows(rows[0], &state);
        put_rows(rows[1], &state);
        snprintf(body, sizeof body,
                 "%s\"softcap\":%d,\"models\":[{\"logits\":%s},{\"logits\":%s}]}", head, (int)n + 3,
                 rows[0], rows[1]);
        api.kernel = kernel_find(0, "scalar");
        post_to(&right, &api, &endpoint_compare, body, strlen(body), 0, PLENTY);
        ck_assert_uint_eq(right.reply.status, 200);
        for (size_t k = 0; (api.kernel = kernel_at(cpu_features(), k)); k++) {
            post_to(&got, &api, &endpoint_compare, body, strlen(body), 0, PLENTY);
            check_same(&got, &right, body);
            exchange_release(&got);
        }
        exchange_release(&right);
    }
}
END_TEST

/* Rows are kept although the budget for kept rows is small; beyond the request's memory the answer
 * says what to do. */
START_TEST(rows_that_do_not_fit_are_refused)
{
    static char rows[BODY], body[2 * BODY + 256];
    struct api api = plain_api((size_t)1 << 20);
    uint64_t state = 2;
    struct exchange x;

    put_rows(rows, &state);
    snprintf(body, sizeof body, "%s\"models\":[{\"logits\":%s},{\"logits\":%s}]}", head, rows,
             rows);
    api.kept_rows = 100;
    post_to(&x, &api, &endpoint_compare, body, strlen(body), 0, PLENTY);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    ck_assert_uint_eq(x.stats.sequences, 1);
    exchange_release(&x);
    api.request_memory = 12000;
    post_to(&x, &api, &endpoint_compare, body, strlen(body), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 413);
    ck_assert_msg(reply_has(&x, "--max-request-memory") && reply_has(&x, "rows of both models")
                      && reply_has(&x, "fewer tokens"),
                  "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* With every amount of memory up to enough: a clear 413, or the answer. */
START_TEST(memory_that_does_not_suffice_is_told)
{
    static const char request[] = "{\"sequences\":[{\"id\":1,\"tokens\":[0,1,2],\"models\":[{"
                                  "\"model\":\"m\",\"logits\":[[1,2,3],"
                                  "[3,2,1]]},{\"logits\":[[1,2,2],[3,4,1]],\"dtype\":\"f64\"}]},{"
                                  "\"models\":[{\"logprobs\":[-1]},"
                                  "{\"logprobs\":[-2]}]}]}";
    unsigned status = 413;
    size_t steps = 0;

    for (size_t memory = 0; status == 413; memory += 64, steps++) {
        struct budget budget = {.limit = PLENTY};
        struct api api = plain_api(memory);
        struct exchange x;

        api.budget = &budget;
        post_to(&x, &api, &endpoint_compare, request, strlen(request), 0, 100);
        status = x.reply.status;
        ck_assert_msg(status == 413 || status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
    ck_assert_uint_eq(status, 200);
    ck_assert_uint_gt(steps, 600); /* of 64 bytes */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {log_probs_are_those_of_score, kernels_make_no_difference,
                                  rows_that_do_not_fit_are_refused,
                                  memory_that_does_not_suffice_is_told, NULL};

    api_start();
    golden_find(&cases, "tests/golden/compare/valid", 0);
    golden_find(&cases, "tests/golden/compare/invalid", 0);
    return suite_run(
        "compare", (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count}, {0}},
        tests);
}
