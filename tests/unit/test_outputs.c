/* test_outputs.c - answers of engines where memory or time are scarce. */
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/base/strbuf.h"

#include <stdio.h>
#include <string.h>

#define ANSWER                                                                                     \
    "{\"choices\":[{\"prompt_logprobs\":[null,{\"5\":{\"logprob\":NaN,\"rank\":1}},"               \
    "{\"6\":{\"logprob\":-9999.0,\"rank\":7},\"9\":{\"logprob\":-1,\"rank\":1}}],"                 \
    "\"prompt_token_ids\":[4,5,6]}]}"

static const char scarce[] =
    "{\"sequences\":[{\"prompt_length\":2,\"objectives\":[\"conditional\"],\"outputs\":" ANSWER
    "},{\"tokens\":[0,1],\"outputs\":{\"context_logits\":[[1,2]]}},"
    "{\"tokens\":[0,1],\"logits\":[[1,2]]}]}";

/* With every amount of memory up to enough: a clear 413, or the answer. */
START_TEST(an_answer_that_outgrows_its_memory_is_413)
{
    unsigned status = 413;
    size_t steps = 0;

    for (size_t memory = 0; status != 200; memory += 64, steps++) {
        const struct api api = plain_api(memory);
        struct exchange x;

        post(&x, &api, scarce, strlen(scarce), 0, 1000);
        status = x.reply.status;
        ck_assert_msg(status == 413 || status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
    ck_assert_uint_gt(steps, 300); /* of 64 bytes */
}
END_TEST

/* Rows of another sequence may be reduced as they arrive. */
START_TEST(answers_stand_beside_rows_that_are_not_kept)
{
    struct api api = plain_api(PLENTY);
    struct exchange kept, gone;

    post(&kept, &api, scarce, strlen(scarce), 0, PLENTY);
    api.kept_rows = 0;
    post(&gone, &api, scarce, strlen(scarce), 0, 3);
    ck_assert_uint_eq(kept.reply.status, 200);
    ck_assert_msg(kept.reply.length == gone.reply.length
                      && memcmp(kept.reply.body, gone.reply.body, kept.reply.length) == 0,
                  "%.*s", (int)gone.reply.length, gone.reply.body);
    ck_assert(reply_has(&kept, "\"sentinel\"") && reply_has(&kept, "\"null\""));
    exchange_release(&kept);
    exchange_release(&gone);
}
END_TEST

/* One answer for very many sequences, or very many answers in the wrong order, take no longer than
 * their memory allows. */
START_TEST(hostile_answers_end_soon)
{
    const struct api api = plain_api((size_t)256 << 20);
    struct arena arena;
    struct strbuf request;
    struct exchange x;

    arena_init(&arena, PLENTY, NULL);
    request = (struct strbuf){.arena = &arena};
    strbuf_snippet(&request, "{'format':'openai_chat','outputs':{'choices':[");
    for (size_t i = 8000; i > 0; i--) {
        strbuf_snippet(&request, i < 8000 ? ",{'index':" : "{'index':");
        strbuf_count(&request, i - 1);
        strbuf_snippet(&request, ",'logprobs':{'content':[]}}");
    }
    strbuf_puts(&request, "]}}");
    post(&x, &api, request.data, request.length, 0, PLENTY);
    ck_assert_msg(x.reply.status == 422 && reply_has(&x, "/outputs/choices/7999\""), "%.*s",
                  (int)x.reply.length, x.reply.body);
    exchange_release(&x);
    request.length = 0;
    strbuf_snippet(&request, "{'outputs':{'choices':[{'prompt_token_ids':[0,1],'prompt_logprobs':"
                             "[null,{");
    for (size_t i = 0; i < 9000; i++) {
        strbuf_snippet(&request, i > 0 ? ",'" : "'");
        strbuf_count(&request, i);
        strbuf_snippet(&request, "':{'logprob':-1,'rank':");
        strbuf_count(&request, i + 1);
        strbuf_puts(&request, "}");
    }
    strbuf_snippet(&request, "}]}]},'prompt_length':1,'sequences':[{}");
    for (size_t i = 0; i < 9000; i++)
        strbuf_puts(&request, ",{}");
    strbuf_puts(&request, "]}");
    post(&x, &api, request.data, request.length, 0, PLENTY);
    ck_assert_msg(x.reply.status == 413 || x.reply.status == 200, "%.*s", (int)x.reply.length,
                  x.reply.body);
    exchange_release(&x);
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_answer_that_outgrows_its_memory_is_413,
                                  answers_stand_beside_rows_that_are_not_kept,
                                  hostile_answers_end_soon, NULL};

    api_start();
    return suite_main("outputs", tests);
}
