/* test_ndjson.c - a request a line: each is answered as if it were alone, for every cut, in bounded
 * memory; the totals are those of one request. */
#include "tests/unit/golden.h"
#include "tests/unit/lines.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include <math.h>

#define GOOD "{\"tokens\":[0,1],\"logits\":[[0,1]]}"
#define GOOD2 "{\"model\":\"m\",\"logprobs\":[-0.7,-0.4],\"per_token\":false}"
#define BAD "{\"tokens\":[0,9],\"logits\":[[0,1]]}"

static const char *const bodies[] = {
    "",
    "\n",
    "\n\r\n \t\n\n",
    GOOD,
    GOOD "\n",
    GOOD "\r\n" GOOD2 "\r\n",
    "\n" GOOD "\n\n  \n" GOOD2,
    " " GOOD " \n\t" GOOD2 "\t\n   ",
    BAD,
    GOOD "\n" BAD "\n" GOOD2 "\n",
    BAD "\n" BAD "\n\n" BAD "\n",
    "nope\n{\n}\n[]\n1\n\"\n" GOOD "\n",
    "{\"tokens\":[0,1],\"logits\":[[0,1\n]]}\n" GOOD "\n",       /* a newline inside */
    "{\"model\":\"a\nb\",\"logprobs\":[-1]}\n" GOOD,             /* ... of a string */
    "{\"tokens\":[0,1],\"logits\":[[0,x]],\"model\":\"\n" GOOD2, /* wrong early in the line */
    GOOD GOOD "\n" GOOD2 "\n",                                   /* two on a line */
    "{\"sequences\":[" GOOD "," BAD "]}\n" GOOD "\n",
    "{\"sequences\":[" GOOD "," GOOD "]}\n" GOOD2 "\n",
    "{\"tokens\":[0,1],\"logits\":{\"dtype\":\"f32\",\"shape\":[1,2],\"data\":\"AAAAAAAAAAA=\"}}\n",
};

START_TEST(lines_are_answered_as_alone_for_every_cut)
{
    struct api api = plain_api(PLENTY);
    struct exchange x;

    for (size_t i = 0; i < COUNT(bodies); i++) {
        const size_t length = strlen(bodies[i]);
        struct lines lines;

        api.kept_rows = i % 2 == 0 ? PLENTY : 0;
        lines = lines_alone(&api, bodies[i], length);
        for (size_t first = 0; first <= length; first++) {
            lines_post(&x, &api, bodies[i], length, first, first == 0 ? 1 : PLENTY);
            ck_assert_msg(lines_hold(&x, &lines), "%s\n%.*s\nmust be\n%s", bodies[i],
                          (int)x.reply.length, x.reply.body, lines.text);
            exchange_release(&x);
        }
        free(lines.text);
    }
}
END_TEST

START_TEST(a_nul_is_an_error_of_its_line)
{
    static const char body[] = GOOD "\n\0\n{\0}\n" GOOD;
    const struct api api = plain_api(PLENTY);
    struct lines lines = lines_alone(&api, body, sizeof body - 1);
    struct exchange x;

    lines_post(&x, &api, body, sizeof body - 1, 0, PLENTY);
    ck_assert_msg(lines_hold(&x, &lines) && lines.errors == 2, "%.*s", (int)x.reply.length,
                  x.reply.body);
    exchange_release(&x);
    free(lines.text);
}
END_TEST

/* ---- answers of engines ---- */

#define TOKENS "[{\"token\":\"a\",\"logprob\":-0.5},{\"token\":\"b\",\"logprob\":-0.25}]"
#define CHAT                                                                                       \
    "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"logprobs\":{\"content\":" TOKENS  \
    "},\"finish_reason\":\"stop\"}]}"
#define OLLAMA(logprobs, done)                                                                     \
    "{\"model\":\"m\",\"logprobs\":" logprobs ",\"response\":\"ab\",\"done\":" done "}"
#define BATCH(body, error)                                                                         \
    "{\"id\":\"b\",\"custom_id\":\"c1\",\"response\":{\"status_code\":200,\"body\":" body          \
    "},\"error\":" error "}"

/* A line, and what its answer has. */
static const struct {
    const char *line, *has, *also;
} answers[] = {
    {CHAT, "\"log_prob\":-0.75,", "\"format\":\"openai_chat\""},
    {OLLAMA(TOKENS, "true"), "\"log_prob\":-0.75,", "\"format\":\"ollama\""},
    {OLLAMA("[{\"token\":\"\\ud83d\",\"logprob\":NaN}]", "true"),
     "\"pointer\":\"/logprobs/0/logprob\"", "\"line\":1"},
    {OLLAMA("[ {\"token\":\"a\",\"logprob\":[]}]", "true"), "\"pointer\":\"/logprobs/0/logprob\"",
     "bad_shape"},
    {OLLAMA("[]", "true"), "logprobs is", "bad_outputs"},
    {"{\"done\":true,\"logprobs\":[{\"token\":]}", "not JSON at byte", "bad_json"},
    {OLLAMA(TOKENS, "false"), "is a chunk of an answer", "bad_outputs"},
    {BATCH(CHAT, "null"), "\"id\":\"c1\",", "\"log_prob\":-0.75,"},
    {BATCH(CHAT, "{\"code\":\"expired\"}"), "(custom_id c1) failed: expired", "bad_outputs"},
    {BATCH("{\"object\":\"error\",\"type\":\"bad\"}", "null"), "(custom_id c1) failed: bad",
     "bad_outputs"},
    {"{\"error\":{\"code\":\"rate_limit\"}}", "the answer is an error: rate_limit", "bad_outputs"},
    {"{\"detail\":\"Not Found\"}", "the answer is an error: Not Found", "bad_outputs"},
    {"{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}", "the answer is an error: SAFETY",
     "bad_outputs"},
    {"{\"detail\":\"x\",\"tokens\":[1]}", "\"pointer\":\"/detail\"", "unknown_member"},
    {"{\"outputs\":" CHAT ",\"tokns\":[1]}", "\"pointer\":\"/tokns\"", "unknown_member"},
    {"{\"logprobs\":[{}],\"tokens\":[1]}", "/logprobs/0: must be a number (byte 13)", "bad_shape"},
    {"{\"logprobs\":[{}],\"tokens\":[1", "/logprobs/0: must be a number (byte 13)", "bad_shape"},
};

START_TEST(a_line_may_be_an_answer_of_an_engine)
{
    const char *line = answers[_i].line;
    const size_t length = strlen(line);
    const struct api api = plain_api(PLENTY);
    struct lines lines = lines_each(&api, line, length, true);
    struct exchange x;

    ck_assert_msg(strstr(lines.text, answers[_i].has) && strstr(lines.text, answers[_i].also),
                  "%s\n%s", line, lines.text);
    for (size_t first = 0; first <= length; first++) {
        lines_post(&x, &api, line, length, first, first == 0 ? 1 : PLENTY);
        ck_assert_msg(lines_hold(&x, &lines), "%s\n%.*s\nmust be\n%s", line, (int)x.reply.length,
                      x.reply.body, lines.text);
        exchange_release(&x);
    }
    free(lines.text);
}
END_TEST

/* ---- golden requests ---- */

/* Newlines inside make more lines, all of them wrong.  How many cases are a line each. */
static size_t add_cases(struct lines *body, const struct golden_cases *cases)
{
    size_t whole = 0;

    for (int i = 0; i < cases->count; i++) {
        size_t length;
        char *text = golden_load(cases->list[i].folder, "request.json", &length);

        ck_assert_msg(text != NULL, "%s", cases->list[i].folder);
        if (length > 0 && text[length - 1] == '\n')
            length--;
        whole += !memchr(text, '\n', length);
        lines_add(body, text, length);
        lines_add(body, "\n", 1);
        free(text);
    }
    return whole;
}

START_TEST(golden_requests_in_one_body)
{
    static const size_t steps[] = {1, 13, 1000, PLENTY};
    const struct api api = plain_api(PLENTY);
    struct golden_cases valid = {0}, invalid = {0};
    struct lines body = {0}, lines;
    size_t good, bad;
    struct exchange x;

    golden_find(&valid, "tests/golden/valid", 0);
    golden_find(&invalid, "tests/golden/invalid", 0);
    good = add_cases(&body, &valid);
    bad = add_cases(&body, &invalid);
    lines = lines_alone(&api, body.text, body.length);
    ck_assert_uint_eq(lines.requests - lines.errors, good);
    ck_assert_uint_ge(lines.errors, bad);
    for (size_t i = 0; i < COUNT(steps); i++) {
        lines_post(&x, &api, body.text, body.length, 0, steps[i]);
        ck_assert(lines_hold(&x, &lines));
        ck_assert_uint_eq(x.stats.requests, lines.requests);
        ck_assert_uint_eq(x.stats.failures, lines.errors);
        exchange_release(&x);
    }
    free(body.text);
    free(lines.text);
    golden_free(&valid);
    golden_free(&invalid);
}
END_TEST

/* ---- totals ---- */

/* Numbers of very different sizes, so that the order and the compensation of sums show. */
static void add_sequence(struct lines *lines, uint64_t *state)
{
    char text[256];
    const double scale = random_below(state, 2) ? 1e-9 : 1e7;
    const int length =
        snprintf(text, sizeof text, "{\"logprobs\":[%.17g,%.17g,%.17g],\"prompt_length\":%zu}",
                 -random_unit(state) * scale, -random_unit(state), -random_unit(state) * scale,
                 random_below(state, 4));

    lines_add(lines, text, (size_t)length);
}

/* The text from the first `"sequences":` behind the last `"totals":{`, up to the end of objectives.
 */
static const char *totals_of(const struct exchange *x, size_t *length)
{
    const char *end = x->reply.body + x->reply.length, *totals = x->reply.body, *next, *stop;

    while ((next = memmem(totals, (size_t)(end - totals), "\"totals\":{", 10)) != NULL)
        totals = next + 10;
    stop = memmem(totals, (size_t)(end - totals), ",\"requests\":", 12);
    *length = (size_t)((stop ? stop : end - strlen("}}\n")) - totals);
    return totals;
}

/* The same sequences, in lines and in one request, there in the opposite order. */
static void draw_sequences(struct lines *apart, struct lines *together, size_t count,
                           uint64_t *state)
{
    size_t *start = malloc((count + 1) * sizeof *start);
    struct lines drawn = {0};

    for (size_t i = 0; i < count; i++) {
        start[i] = drawn.length;
        add_sequence(&drawn, state);
        lines_add(apart, drawn.text + start[i], drawn.length - start[i]);
        lines_add(apart, i % 5 == 0 ? "\nwrong\n" : "\n", i % 5 == 0 ? 7 : 1);
    }
    start[count] = drawn.length;
    lines_add(together, "{\"sequences\":[", 14);
    for (size_t i = count; i-- > 0;) {
        lines_add(together, drawn.text + start[i], start[i + 1] - start[i]);
        lines_add(together, ",", i > 0);
    }
    lines_add(together, "]}", 2);
    free(drawn.text);
    free(start);
}

START_TEST(totals_are_those_of_one_request)
{
    const struct api api = plain_api(PLENTY);
    uint64_t state = 3;

    for (size_t count = 1; count < times(300); count = count * 3 + 1) {
        struct lines apart = {0}, together = {0};
        struct exchange a, b;
        size_t length_a, length_b;
        const char *totals_a, *totals_b;

        draw_sequences(&apart, &together, count, &state);
        lines_post(&a, &api, apart.text, apart.length, 0, 777);
        post(&b, &api, together.text, together.length, 0, PLENTY);
        ck_assert_uint_eq(a.reply.status + b.reply.status, 400);
        totals_a = totals_of(&a, &length_a);
        totals_b = totals_of(&b, &length_b);
        ck_assert_msg(length_a == length_b && memcmp(totals_a, totals_b, length_a) == 0,
                      "%.*s\n%.*s", (int)length_a, totals_a, (int)length_b, totals_b);
        ck_assert_uint_eq(a.stats.sequences, count);
        ck_assert_uint_eq(a.stats.tokens, b.stats.tokens);
        ck_assert(fabs(a.stats.objective[0].token_loss_sum - b.stats.objective[0].token_loss_sum)
                  <= 1e-12 * b.stats.objective[0].token_loss_sum);
        ck_assert_mem_eq(a.stats.objective[0].bucket, b.stats.objective[0].bucket,
                         sizeof a.stats.objective[0].bucket);
        exchange_release(&a);
        exchange_release(&b);
        free(apart.text);
        free(together.text);
    }
}
END_TEST

/* By hand: two good lines and a bad one. */
START_TEST(totals_by_hand)
{
    static const char body[] = "{\"logprobs\":[-0.5,-0.25]}\nwrong\n{\"logprobs\":[-1.5]}";
    static const char last[] =
        "\"joint\":{\"log_prob\":-2.25,\"loss\":0.75,\"loss_sum\":2.25,\"tokens\":3,\"weight\":3,";
    static const char none[] =
        "{\"totals\":{\"sequences\":0,\"objectives\":{},\"requests\":0,\"errors\":0}}\n";
    const struct api api = plain_api(PLENTY);
    struct exchange x;

    lines_post(&x, &api, body, sizeof body - 1, 0, PLENTY);
    ck_assert(reply_has(&x, last) && reply_has(&x, "{\"totals\":{\"sequences\":2,\"objectives\":")
              && reply_has(&x, ",\"requests\":3,\"errors\":1}}\n") && reply_has(&x, "\"line\":2,"));
    exchange_release(&x);
    lines_post(&x, &api, "", 0, 0, 1);
    ck_assert_uint_eq(x.reply.length, sizeof none - 1);
    ck_assert_mem_eq(x.reply.body, none, sizeof none - 1);
    exchange_release(&x);
}
END_TEST

/* What the log and the metrics tell. */
START_TEST(facts_are_of_all_lines)
{
    static const char body[] = "{\"tokens\":[0,1],\"logits\":[[1,2,3]]}\nwrong\n"
                               "{\"tokens\":[0,1,1],\"model\":\"m\",\"logits\":[[1,2],[2,1]]}\n";
    const struct api api = plain_api(PLENTY);
    const size_t joint = OBJECTIVE_joint;
    struct exchange x, one;
    uint64_t tokens = 0;

    lines_post(&x, &api, body, sizeof body - 1, 0, PLENTY);
    ck_assert_uint_eq(x.stats.vocabulary, 3);
    ck_assert_uint_eq(x.stats.rows, 3);
    ck_assert_uint_eq(x.stats.tokens, 3);
    ck_assert_uint_eq(x.stats.failures, 1);
    ck_assert_str_eq(x.stats.model, "m");
    ck_assert_uint_eq(x.stats.objective[joint].tokens, 3);
    for (size_t i = 0; i <= LOSS_EDGE_COUNT; i++)
        tokens += x.stats.objective[joint].bucket[i];
    ck_assert_uint_eq(tokens, 3);
    post(&one, &api, body, strcspn(body, "\n"), 0, PLENTY);
    ck_assert(one.stats.objective[joint].token_loss_sum > 0
              && x.stats.objective[joint].token_loss_sum
                     > one.stats.objective[joint].token_loss_sum);
    exchange_release(&one);
    exchange_release(&x);
}
END_TEST

/* ---- memory ---- */

#define WIDTH 5000

/* One row of logits, in text. */
static size_t write_line(char *out)
{
    size_t length = (size_t)sprintf(out, "{\"tokens\":[0,1],\"per_token\":false,\"logits\":[[");

    for (size_t i = 0; i < WIDTH; i++)
        length += (size_t)sprintf(out + length, "%zu,", i % 7);
    return length - 1 + (size_t)sprintf(out + length - 1, "]]}\n");
}

/* Megabytes of lines through half of one; then answers that do not fit. */
START_TEST(memory_is_that_of_a_line_and_the_answers)
{
    static const struct {
        size_t lines;
        unsigned status;
    } rows[] = {{300, 200}, {2000, 413}};
    char said[32];
    struct budget budget = {.limit = PLENTY};
    struct api api = plain_api(512 << 10);
    static char line[WIDTH * 3];
    const size_t length = write_line(line);

    api.budget = &budget;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct exchange x;
        size_t n = 0;
        bool good;

        exchange_init(&x, &api);
        x.request.content_type = "application/jsonl; charset=utf-8";
        good = endpoint_score.begin(&x);
        for (; good && n < rows[i].lines; n++)
            good = endpoint_score.feed(&x, line, length);
        if (good)
            endpoint_score.finish(&x);
        else
            exchange_fail(&x);
        ck_assert_msg(x.reply.status == rows[i].status, "%zu lines: %.*s", rows[i].lines,
                      (int)x.reply.length, x.reply.body);
        snprintf(said, sizeof said, ",\"line\":%zu,", n);
        ck_assert(x.reply.status == 200
                  || (reply_has(&x, "--max-request-memory") && reply_has(&x, said)));
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
}
END_TEST

/* A line whose rows wait for its tokens and do not fit refuses all, though the next ones would. */
START_TEST(a_line_that_does_not_fit_refuses_all)
{
    const struct api api = plain_api(256 << 10);
    static char body[400 << 10];
    size_t length = (size_t)sprintf(body, "%s\n{\"logits\":[[", GOOD);
    struct exchange x;

    while (length < sizeof body - 100)
        length += (size_t)sprintf(body + length, "1,");
    length += (size_t)sprintf(body + length, "1]],\"tokens\":[0,1]}\n%s\n", GOOD);
    lines_post(&x, &api, body, length, 0, 4096);
    ck_assert_msg(x.reply.status == 413 && reply_has(&x, ",\"line\":2,")
                      && reply_has(&x, "--max-request-memory"),
                  "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* With ever more memory there is an error that says so, and at last an answer; nothing is left,
 * wherever the body breaks off. */
START_TEST(missing_memory_is_an_error)
{
    static const char body[] = GOOD "\n" BAD "\n" GOOD2 "\n\n" GOOD;
    struct budget budget = {.limit = PLENTY};
    size_t failed[2] = {0, 0};
    struct exchange x;

    for (size_t memory = 0; memory < 200 << 10; memory += 1 << 10) {
        for (int shared = 0; shared < 2; shared++) {
            struct api api = plain_api(shared ? PLENTY : memory);

            budget.limit = shared ? memory : PLENTY;
            api.budget = &budget;
            lines_post(&x, &api, body, sizeof body - 1, 0, 7);
            ck_assert_msg((x.reply.status != 200) == (x.reply.status == (shared ? 503 : 413)),
                          "%.*s", (int)x.reply.length, x.reply.body);
            failed[shared] += x.reply.status != 200;
            exchange_release(&x);
            ck_assert_uint_eq(atomic_load(&budget.used), 0);
        }
    }
    ck_assert_uint_gt(failed[0], 20);
    ck_assert_uint_lt(failed[0], 60);
    ck_assert_uint_eq(failed[0], failed[1]);
}
END_TEST

START_TEST(nothing_is_left_where_the_body_breaks_off)
{
    static const char body[] = GOOD "\n" BAD "\n" GOOD2 "\n\n" GOOD;
    struct budget budget = {.limit = PLENTY};
    struct api api = plain_api(PLENTY);
    struct exchange x;

    api.budget = &budget;
    for (size_t length = 0; length < sizeof body; length++) {
        exchange_init(&x, &api);
        x.request.content_type = "application/ndjson";
        ck_assert(endpoint_score.begin(&x) && endpoint_score.feed(&x, body, length));
        ck_assert_uint_gt(atomic_load(&budget.used), 0);
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_are_answered_as_alone_for_every_cut,
                                  a_nul_is_an_error_of_its_line,
                                  golden_requests_in_one_body,
                                  totals_are_those_of_one_request,
                                  totals_by_hand,
                                  facts_are_of_all_lines,
                                  a_line_that_does_not_fit_refuses_all,
                                  memory_is_that_of_a_line_and_the_answers,
                                  missing_memory_is_an_error,
                                  nothing_is_left_where_the_body_breaks_off,
                                  NULL};

    api_start();
    return suite_run(
        "ndjson",
        (const struct loop[]){{a_line_may_be_an_answer_of_an_engine, COUNT(answers)}, {0}}, tests);
}
