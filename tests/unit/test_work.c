/* test_work.c - what requests may make the server do: it is charged before it is done. */
#include "tests/unit/infer.h"
#include "tests/unit/suite.h"

#include "api/base/strbuf.h"
#include "core/measure.h"

#include <stdio.h>

START_TEST(work_is_charged_up_to_the_limit)
{
    struct error err = {0};
    struct work all = {.limit = 100}, line, any = {0};

    ck_assert(work_charge(&all, 40, &err) && all.used == 40);
    work_nest(&line, &all);
    ck_assert(work_charge(&line, 50, &err) && line.used == 50 && all.used == 90);
    ck_assert(!work_charge(&line, 11, &err) && err.code == ERR_TOO_MUCH_WORK);
    ck_assert(line.used == 50 && all.used == 90);
    err.code = ERR_NONE;
    ck_assert(work_charge(&line, 10, &err) && all.used == 100);
    ck_assert(!work_charge(&all, 1, &err) && !work_charge(&all, UINT64_MAX, &err));
    ck_assert(!work_charge_each(&any, UINT64_MAX, 2, &err) || any.used == UINT64_MAX);
}
END_TEST

START_TEST(nothing_is_done_once_it_is_stopped)
{
    atomic_bool stop = false;
    struct work all = {.stop = &stop}, line;
    struct error err = {0};

    work_nest(&line, &all);
    ck_assert(work_charge(&line, 1, &err));
    atomic_store(&stop, true);
    ck_assert(!work_charge(&line, 0, &err) && err.code == ERR_CANCELLED);
    ck_assert_uint_eq(all.used, 1);
}
END_TEST

/* What is asked of rows of 4, of so many tokens, and what the rows come to; `'` for `"`. */
static const struct {
    const struct endpoint *endpoint;
    const char *type, *body;
    uint64_t tokens, visits;
} asked[] = {
    {&endpoint_score, NULL, "{'tokens':[0,1,2],'logits':[[1,2,3,4],[1,2,3,4]]}", 3, 8},
    {&endpoint_score, NULL, "{'tokens':[0,1,2],'logits':[[1,2,3,4],[1,2,3,4],[1,2,3,4]]}", 3, 8},
    {&endpoint_score, NULL,
     "{'tokens':[0,1],'logits':{'dtype':'f32','shape':[1,4],'data':'AAAAAAAAAAAAAAAAAAAAAA=='}}", 2,
     4},
    {&endpoint_score, NULL, "{'tokens':[0,1],'softcap':3,'logits':[[1,2,3,4]]}", 2,
     4 * (1 + WORK_SOFTCAP)},
    {&endpoint_score, NULL, "{'tokens':[0,1],'label_smoothing':0.1,'logits':[[1,2,3,4]]}", 2,
     4 * (1 + WORK_SPREAD)},
    {&endpoint_score, NULL, "{'tokens':[0,1],'details':['rank','top:2'],'logits':[[1,2,3,4]]}", 2,
     8},
    {&endpoint_score, NULL, "{'sequences':[{},{},{}],'tokens':[0,1],'logits':[[1,2,3,4]]}", 6, 4},
    {&endpoint_score, NULL,
     "{'sequences':[{},{'temperature':2},{},{'details':['entropy']},{'temperature':2}],"
     "'tokens':[0,1],'logits':[[1,2,3,4]]}",
     10, 12},
    {&endpoint_score, NULL,
     "{'temperature':[1,2,1,3,2],'details':['entropy'],'tokens':[0,1],'logits':[[1,2,3,4]]}",
     2 + 2 * 2, 12},
    {&endpoint_score, NULL,
     "{'temperature':[2,1],'sequences':[{},{},{'details':['entropy']},{'temperature':1}],"
     "'tokens':[0,1],'logits':[[1,2,3,4]]}",
     8 + 3 * 2, 12},
    {&endpoint_score, NULL, "{'temperature':[2,1],'softcap':3,'tokens':[0,1],'logits':[[1,2,3,4]]}",
     2 + 2, 2 * 4 * (1 + WORK_SOFTCAP)},
    {&endpoint_score, NULL, "{'temperature':[1,1],'tokens':[0,1],'logprobs':[null,-1]}", 2, 0},
    {&endpoint_score, "application/x-ndjson",
     "{'tokens':[0,1],'logits':[[1,2,3,4]]}\n{'tokens':[0,1],'logits':[[1,2,3,4]]}\n", 4, 8},
    {&endpoint_score, NULL, "{'logprobs':[-1,-2],'bootstrap':{'samples':4}}", 2,
     3 * 4 * (WORK_DRAW + 3 * MEASURE_COUNT * WORK_SORT)},
    {&endpoint_score, NULL,
     "{'sequences':[{},{}],'format':'openai','outputs':{'choices':[{'logprobs':{"
     "'token_logprobs':[-1,-2],'top_logprobs':[{'a':-1},{'a':-1,'b':-2}]}}]}}",
     4 + 5 - 2 + 1, 0},
    {&endpoint_rank, NULL,
     "{'choices':[{'tokens':[0,1]},{'tokens':[0,2]}],'prompt_length':1,'logits':[[1,2,3,4]]}", 4,
     4},
    {&endpoint_compare, NULL,
     "{'tokens':[0,1],'models':[{'logits':[[1,2,3,4]]},{'logits':[[1,2,3,5]]}]}", 4,
     4 * (4 + WORK_DIVERGENCE)},
    {&endpoint_compare, NULL,
     "{'tokens':[0,1],'logits':[[1,2,3,4]],'sequences':[{'models':[{},{}]},{'models':[{},{}]}]}", 8,
     4 * (3 + WORK_DIVERGENCE)},
    {&endpoint_preference, NULL,
     "{'objectives':['cpo','orpo'],'pairs':[{'prompt':[0],'chosen':{'completion':[1],'policy':{"
     "'logits':[[1,2,3,4]]}},'rejected':[{'completion':[2],'policy':{'logits':[[1,2,3,4]]}},{"
     "'policy':{'log_prob':-3,'tokens':2}}]}]}",
     4, 8 + 2 * 2 * WORK_PREFERENCE},
    {&endpoint_completions, NULL,
     "{'model':'m','prompt':[0,1],'echo':true,'logprobs':1,'max_tokens':0,'logits':[[1,2,3,4]]}", 0,
     8},
};

static void post_asked(struct exchange *x, const struct api *api, size_t i)
{
    char body[512];
    size_t length = 0;

    for (const char *c = asked[i].body; *c; c++)
        body[length++] = *c == '\'' ? '"' : *c;
    post_with(x, api, asked[i].endpoint, asked[i].type, body, length, 0, 5);
}

/* What was charged for a request; past the limit it is 413. */
static uint64_t charged(size_t at, size_t kept, uint64_t most, bool good)
{
    struct api api = plain_api(PLENTY);
    struct exchange x;
    uint64_t used;

    api.kept_rows = kept;
    api.max_work = most;
    post_asked(&x, &api, at);
    used = x.work.used;
    ck_assert_msg(good ? x.reply.status == 200
                       : x.reply.status == 413 && x.error.code == ERR_TOO_MUCH_WORK
                             && reply_has(&x, "--max-work") && used <= most,
                  "%zu: %.*s", at, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
    return used;
}

/* With work enough the answer; with one visit less, 413.  What was
 * planned when rows arrived is not planned again. */
START_TEST(too_much_work_is_413)
{
    for (size_t i = 0; i < COUNT(asked); i++) {
        const uint64_t kept = charged(i, PLENTY, 0, true), gone = charged(i, 0, 0, true);
        const uint64_t expected = asked[i].visits + asked[i].tokens * WORK_TOKEN;
        const uint64_t text = kept - expected, most = strlen(asked[i].body) * WORK_TEXT;

        ck_assert_msg(kept > expected && text <= most && text % WORK_TEXT == 0 && gone == kept,
                      "%zu: %llu and %llu of %llu", i, (unsigned long long)kept,
                      (unsigned long long)gone, (unsigned long long)expected);
        charged(i, PLENTY, kept, true);
        charged(i, PLENTY, kept - 1, false);
        charged(i, 0, gone, true);
        charged(i, 0, gone - 1, false);
    }
}
END_TEST

/* The same for tensors in JSON.  While `outputs` may still come, ranks are computed, too. */
START_TEST(too_much_work_is_413_for_tensors)
{
    static const char body[] =
        "{\"inputs\":[{\"name\":\"targets\",\"shape\":[1,2],\"datatype\":\"INT64\",\"data\":[1,0]},"
        "{\"name\":\"logits\",\"shape\":[1,2,3],\"datatype\":\"FP32\",\"data\":[1,2,3,4,5,6]}]}";

    const uint64_t visits = 6;
    uint64_t used[2] = {0, 0}; /* by whether all rows are kept */

    for (size_t i = 0; i < 6; i++) { /* any work; just enough; one visit less */
        struct api api = plain_api(PLENTY);
        struct exchange x;

        api.kept_rows = i % 2 ? PLENTY : 0;
        api.max_work = i < 2 ? 0 : i < 4 ? used[i % 2] : used[i % 2] - 1;
        post_infer(&x, &api, "/v2/models/logprobs/infer", NULL, body, strlen(body), 0, 5);
        ck_assert_msg(x.reply.status == (i < 4 ? 200 : 413), "%.*s", (int)x.reply.length,
                      x.reply.body);
        used[i % 2] = i < 2 ? x.work.used : used[i % 2];
        ck_assert(used[i % 2] > visits && (used[i % 2] - visits) % WORK_TEXT == (i % 2 ? 0 : 6));
        exchange_release(&x);
    }
}
END_TEST

/* What `count` sequences share, `tokens` each, and whether that may take longer than an event loop
 * should be busy: however short the body is. */
static const struct {
    const struct endpoint *endpoint;
    const char *begin, *end;
    size_t count, tokens;
    bool is_long;
} shared[] = {
    {&endpoint_score, "{'sequences':[", "]", 1, 2000, false},
    {&endpoint_score, "{'sequences':[", "]", 10, 2000, false},
    {&endpoint_score, "{'sequences':[", "]", 2000, 2000, true},
    {&endpoint_score, "{'bootstrap':{},'sequences':[", "]", 1, 2, true},
    {&endpoint_score, "{'temperature':2,'sequences':[", "]", 1, 2, false},
    {&endpoint_score, "{'temperature':[2],'sequences':[", "]", 1, 2, true},
    {&endpoint_score, "{'sequences':[{'temperature':[2]},", "]", 1, 2, true},
    {&endpoint_score, "{'windows':[{'temperature':[2]}],'sequences':[", "]", 1, 2, true},
    {&endpoint_rank, "{'prompt_length':1,'choices':[", "]", 10, 2000, false},
    {&endpoint_rank, "{'prompt_length':1,'choices':[", "]", 2000, 2000, true},
    {&endpoint_rank, "{'prompt_length':1,'questions':[{'choices':[", "]}]", 2000, 2000, true},
};

static void repeat(struct strbuf *text, const char *first, const char *next, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strbuf_puts(text, i == 0 ? first : next);
}

START_TEST(what_many_share_is_long)
{
    for (size_t i = 0; i < COUNT(shared); i++) {
        const struct api api = plain_api(PLENTY);
        struct exchange x;
        struct strbuf body = {0};

        exchange_init(&x, &api);
        body.arena = &x.arena;
        strbuf_snippet(&body, shared[i].begin);
        repeat(&body, "{}", ",{}", shared[i].count);
        strbuf_snippet(&body, shared[i].end);
        strbuf_snippet(&body, ",'tokens':[");
        repeat(&body, "0", ",0", shared[i].tokens);
        strbuf_snippet(&body, "],'logprobs':[");
        repeat(&body, "null", ",0", shared[i].tokens);
        strbuf_puts(&body, "]}");
        x.request.content_length = body.length;
        ck_assert(shared[i].endpoint->begin(&x));
        ck_assert(!x.is_long);
        ck_assert(shared[i].endpoint->feed(&x, body.data, body.length));
        ck_assert_msg(x.is_long == shared[i].is_long, "%zu", i);
        exchange_release(&x);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {work_is_charged_up_to_the_limit,
                                  nothing_is_done_once_it_is_stopped,
                                  too_much_work_is_413,
                                  too_much_work_is_413_for_tensors,
                                  what_many_share_is_long,
                                  NULL};

    api_start();
    return suite_main("work", tests);
}
