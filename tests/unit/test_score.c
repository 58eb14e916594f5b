/* test_score.c - POST /v1/score without a server: statuses, places of errors, scarcity. */
#include "tests/plain/load.h"
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/json/dom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of several faults, the first in the body is told, sequence by sequence. */
static const struct {
    const char *body, *code, *pointer;
} firsts[] = {
    {"{'tokens':[0,1,5],'prompt_length':1,'logits':[[1,2,NaN],[0,1,2]]}", "out_of_range",
     "/tokens/2"},
    {"{'logits':[[1,2,NaN],[0,1,2]],'tokens':[0,1,5],'prompt_length':1}", "bad_row", "/logits/0/2"},
    {"{'tokens':[0,1,5],'logits':[[1,2,3],[1,2]]}", "out_of_range", "/tokens/2"},
    {"{'logits':[[1,2,3],[1,2]],'tokens':[0,1,5]}", "bad_row", "/logits/1"},
    {"{'logits':[[1,2,3],[1,2,3],[1,2,3],[1,2,3]],'tokens':[0,1,5]}", "bad_count", "/logits"},
    {"{'prompt':[0,7],'completion':[9],'logits':[[1],[1]]}", "out_of_range", "/prompt/1"},
    {"{'prompt':[0,0],'completion':[0,9],'logits':[[1],[1],[1]]}", "out_of_range", "/completion/1"},
    {"{'sequences':[{'tokens':[0,1],'logits':[[1,NaN]]},{'bad':1}]}", "bad_row",
     "/sequences/0/logits/0/1"},
    {"{'sequences':[{'tokens':[0,1],'logits':[[1,2]]},{'bad':1}]}", "unknown_member",
     "/sequences/1/bad"},
    {"{'sequences':[{'tokens':[0,1],'logits':[[1,NaN]]},{'bad':1}],'alignment':7}",
     "unknown_member", "/sequences/1/bad"},
    {"{'sequences':[{'tokens':[0,1]},{'tokens':[0,5]}],'logits':[[1,2]]}", "out_of_range",
     "/sequences/1/tokens/1"},
    {"{'sequences':[{'tokens':[0,1]}]}", "missing_member", "/sequences/0/logits"},
    {"{'prompt_length':1,'sequences':[{'tokens':[0,1],'mask':[0,1],'logits':[[1,2]]}]}",
     "conflicting_members", "/sequences/0/mask"},
    {"{'sequences':[{'tokens':[0,1],'mask':[0,1],'logits':[[1,2]]}],'prompt_length':1}",
     "conflicting_members", "/prompt_length"},
    {"{'temperature':0,'tokens':[-1]}", "out_of_range", "/temperature"},
    {"{'tokens':[-1],'temperature':0}", "out_of_range", "/tokens/0"},
    {"{'tokens':[0],'logits':[[1,2],[3,x]],'temperature':0}", "bad_json", "/logits/1/1"},
};

START_TEST(the_first_fault_is_told)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(firsts); i++) {
        char body[512], code[64], pointer[96];
        struct exchange x;

        snprintf(body, sizeof body, "%s", firsts[i].body);
        for (char *c = body; *c; c++)
            *c = *c == '\'' ? '"' : *c;
        snprintf(code, sizeof code, "\"code\":\"%s\"", firsts[i].code);
        snprintf(pointer, sizeof pointer, "{\"pointer\":\"%s\",", firsts[i].pointer);
        post(&x, &api, body, strlen(body), 0, 7);
        ck_assert_msg(reply_has(&x, code) && reply_has(&x, pointer), "%s\n%.*s", body,
                      (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

static const char request[] =
    "{\"model\":\"m\",\"sequences\":[{\"id\":\"a\",\"tokens\":[0,1,2,3],\"prompt_length\":2,"
    "\"weights\":[1,1,1,0.5],\"details\":[\"rank\",\"entropy\",\"top:2\"],"
    "\"logits\":[[1,2,3,4],[4,3,2,1],[0,0,0,0]]},{\"logprobs\":[-1,-2]}]}";

/* With every amount of memory up to enough: a clear 413 that names the flag, or the answer. */
START_TEST(a_request_that_outgrows_its_memory_is_413)
{
    unsigned status = 413;
    size_t steps = 0;

    for (size_t memory = 0; status != 200; memory += 64, steps++) {
        const struct api api = plain_api(memory);
        struct exchange x;

        post(&x, &api, request, strlen(request), 0, 1000);
        status = x.reply.status;
        ck_assert_msg(status == 413 || status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        ck_assert(status == 200 || reply_has(&x, "--max-request-memory"));
        exchange_release(&x);
    }
    ck_assert_uint_gt(steps, 20);
}
END_TEST

/* The same for the memory of all requests: 503, and all of it is given back. */
START_TEST(memory_that_is_spent_is_503)
{
    unsigned status = 503;

    for (size_t memory = 0; status != 200; memory += 64) {
        struct budget budget = {.limit = memory};
        struct api api = plain_api(PLENTY);
        struct exchange x;

        api.budget = &budget;
        post(&x, &api, request, strlen(request), 0, 1000);
        status = x.reply.status;
        ck_assert_msg(status == 503 || status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
}
END_TEST

/* Ten million draws are allowed; of a golden case the oracle would need minutes. */
START_TEST(a_bootstrap_may_draw_as_often_as_is_said)
{
    const struct api api = plain_api(PLENTY << 1);
    char body[1024] = "{\"bootstrap\":{\"samples\":100000},\"per_token\":false,\"logprobs\":[-1],"
                      "\"sequences\":[{}";
    struct exchange x;

    for (size_t i = 1; i < 100; i++)
        strcat(body, ",{}");
    strcat(body, "]}");
    post(&x, &api, body, strlen(body), 0, PLENTY);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* The documents are JSON, and hold every member and code. */
START_TEST(documents_are_json)
{
    static const struct route routes[] = {
        {.method = "POST", .path = "/v1/score", .endpoint = &endpoint_score, .summary = "s"}, {0}};
    const struct endpoint *const endpoints[] = {&endpoint_openapi, &endpoint_objectives,
                                                &endpoint_version};
    struct api api = plain_api(PLENTY);

    api.routes = routes;
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        struct exchange x;
        json_error_t error;
        json_t *tree;
        bool starved;

        exchange_init(&x, &api);
        endpoints[i]->finish(&x);
        ck_assert_uint_eq(x.reply.status, 200);
        tree = plain_load(x.reply.body, x.reply.length, &x.arena, &error, &starved);
        ck_assert_msg(tree != NULL, "%s", error.text);
        exchange_release(&x);
    }
}
END_TEST

/* What each route says of members that stand in the wrong object, or are not there. */
static const struct {
    const struct endpoint *endpoint;
    const char *body, *says;
} misplaced[] = {
    {&endpoint_score, "{\"sequences\":[{\"model\":\"m\"}]}",
     "belongs to the request, not to a sequence"},
    {&endpoint_rank, "{\"questions\":[{\"choices\":[{\"gold\":0}]}]}",
     "belongs to the question, not to a choice"},
    {&endpoint_rank, "{\"questions\":[{\"prompt\":[0]}]}", "a question needs choices"},
    {&endpoint_rank, "{}", "questions are missing, or choices of a single one"},
    {&endpoint_rank, "{\"choices\":[{}],\"questions\":[{\"choices\":[{}]}]}",
     "questions and choices at the top level exclude each other"},
    {&endpoint_compare, "{\"models\":[{\"tokens\":[0]},{}]}",
     "belongs to the sequence, not to a model"},
    {&endpoint_compare, "{\"sequences\":[{\"tokens\":[0]}]}", "a sequence needs models"},
    {&endpoint_compare, "{\"tokens\":[0]}", "sequences are missing, or models of a single one"},
};

START_TEST(misplaced_members_are_told_where_they_belong)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(misplaced); i++) {
        const char *body = misplaced[i].body;
        struct exchange x;

        post_to(&x, &api, misplaced[i].endpoint, body, strlen(body), 0, PLENTY);
        ck_assert_msg(x.reply.status == 400 && reply_has(&x, misplaced[i].says), "%s\n%.*s", body,
                      (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_fault_is_told,
                                  misplaced_members_are_told_where_they_belong,
                                  a_request_that_outgrows_its_memory_is_413,
                                  memory_that_is_spent_is_503,
                                  documents_are_json,
                                  a_bootstrap_may_draw_as_often_as_is_said,
                                  NULL};

    api_start();
    return suite_main("score", tests);
}
