/* test_hint.c - names that people bring from other tools are answered with what to use. */
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/members/schemas.h"

#include <stdio.h>

static const struct {
    const struct endpoint *endpoint;
    const char *body, *words;
} rows[] = {
    {&endpoint_score, "{\"input_ids\":[0,1],\"logits\":[[1,2]]}", "is not known: use tokens"},
    {&endpoint_score, "{\"tokens\":[0,1],\"n_probs\":5,\"logits\":[[1,2]]}", "give details"},
    {&endpoint_score, "{\"sequences\":[{\"tokens\":[0,1],\"max_length\":5}]}",
     "nothing is generated"},
    {&endpoint_score, "{\"texts\":[\"a\"]}", "no tokenizer"},
    {&endpoint_score, "{\"tokens\":\"a b\",\"logits\":[[1,2]]}", "no tokenizer"},
    {&endpoint_score, "{\"tokens\":[0,1],\"logprobs\":true}", "give details"},
    {&endpoint_score, "{\"tokens\":[0,1],\"logprobs\":5}", "give details"},
    {&endpoint_score, "{\"logprobs\":{\"content\":[]}}", "goes whole into outputs"},
    {&endpoint_score, "{\"details\":{\"prefill\":[]}}", "goes whole into outputs"},
    {&endpoint_score, "{\"id\":\"x\",\"object\":\"text_completion\",\"choices\":[]}",
     "wrap all of the answer in outputs"},
    {&endpoint_score, "{\"choices\":[]}", "wrap all of the answer in outputs"},
    {&endpoint_score,
     "{\"model\":\"m\",\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}],\"done\":true}",
     "must be a number (byte 25); if this is an engine's answer, wrap"},
    {&endpoint_score, "{\"request_id\":\"0\",\"finished\":true,\"outputs\":[]}",
     "wrap all of the answer in outputs"},
    {&endpoint_score, "{\"custom_id\":\"a\",\"response\":{}}", "wrap the line in outputs"},
    {&endpoint_score, "{\"created_at\":\"\",\"done\":true}", "wrap all of the answer in outputs"},
    {&endpoint_score, "{\"batch\":[]}", "use sequences"},
    {&endpoint_score, "{\"tokenz\":[0,1]}", "the nearest member is tokens"},
    {&endpoint_score, "{\"qwertz\":[0,1]}", "is not known (docs"},
    {&endpoint_score, "{\"questions\":[]}", "only by another one"},
    {&endpoint_rank, "{\"options\":[]}", "use choices"},
    {&endpoint_rank, "{\"choices\":[{\"completion\":[1]}],\"target\":0}", "use gold"},
    {&endpoint_rank, "{\"top_logprobs\":5}", "POST /v1/score"},
    {&endpoint_compare, "{\"beta\":0.5}", "member of distillation"},
    {&endpoint_preference, "{\"loss_type\":\"sigmoid\"}", "use objectives"},
    {&endpoint_policy, "{\"clip_ratio_c\":3}", "use dual_clip"},
    {&endpoint_policy, "{\"sequences\":[{\"old_log_probs\":[-1]}]}", "use old, an object"},
    {&endpoint_preference, "{\"pairs\":[{\"accepted\":{}}]}", "use chosen"},
    {&endpoint_preference, "{\"max_length\":5}", "nothing is generated"},
    {&endpoint_preference, "{\"pairs\":[{\"response_mask\":[1]}]}", "use mask"},
    {&endpoint_policy, "{\"delta\":2}", "use dual_clip"},
};

START_TEST(a_name_is_answered_with_what_to_use)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;

    post_to(&x, &api, rows[_i].endpoint, rows[_i].body, strlen(rows[_i].body), 0, PLENTY);
    ck_assert_msg(x.reply.status == 400 && strstr(x.error.detail, rows[_i].words), "%s: %.*s",
                  rows[_i].body, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* A hint about a member that a route takes would never be told. */
/* The second row would never be told. */
START_TEST(a_name_has_at_most_one_row_for_each_route)
{
    static const struct {
        const char *name;
        unsigned routes;
    } hints[] = {
#define HINT(name, routes, words) {#name, routes},
#include "api/members/hints.def"
    };

    for (size_t i = 0; i < COUNT(hints); i++)
        for (size_t other = 0; other < i; other++)
            ck_assert_msg(strcmp(hints[i].name, hints[other].name) != 0
                              || (hints[i].routes & hints[other].routes) == 0,
                          "%s", hints[i].name);
}
END_TEST

START_TEST(no_hint_is_about_a_known_member)
{
    static const struct route_schema *const schemas[] = {
        &schema_score, &schema_rank, &schema_compare, &schema_preference, &schema_policy};

    for (size_t i = 0; i < COUNT(schemas); i++)
        for (enum field field = 0; field < FIELD_COUNT; field++)
            ck_assert_msg(schemas[i]->member[field].scope == SCOPE_NOWHERE
                              || !hint_find(schemas[i]->hints, field_info(field)->name),
                          "%s", field_info(field)->name);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {no_hint_is_about_a_known_member,
                                  a_name_has_at_most_one_row_for_each_route, NULL};

    api_start();
    return suite_run("hint",
                     (const struct loop[]){{a_name_is_answered_with_what_to_use, COUNT(rows)}, {0}},
                     tests);
}
