/* test_rank.c - multiple choice with the outputs of real models, through the real binary.
 *
 * Two questions to stories260k, whose winners are published; and the next tokens of two prompts to
 * GPT-2, where the collection of test data lies beside the repository. */
#include "tests/http/service.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct service service;

static json_t *load(const char *folder, const char *name)
{
    char path[128];
    json_t *tree;

    snprintf(path, sizeof path, "%s%s.json", folder, name);
    tree = json_load_file(path, 0, NULL);
    ck_assert_msg(tree != NULL, "%s", path);
    return tree;
}

/* The answer to a request, which is let go. */
static json_t *post(json_t *request)
{
    char *body = json_dumps(request, JSON_COMPACT | JSON_REAL_PRECISION(17));
    struct reply reply;
    json_t *answer;

    service_post(&service, "/v1/rank", body, strlen(body), &reply);
    ck_assert_msg(reply.status == 200, "%ld %s", reply.status, reply.body);
    answer = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
    json_decref(request);
    free(body);
    free(reply.body);
    return answer;
}

static json_t *question_of(json_t *answer, size_t index)
{
    return json_array_get(json_object_get(answer, "questions"), index);
}

static json_t *choice_of(json_t *question, size_t index)
{
    return json_array_get(json_object_get(question, "choices"), index);
}

static double number_of(const json_t *object, const char *name)
{
    ck_assert_msg(json_is_number(json_object_get(object, name)), "%s", name);
    return json_number_value(json_object_get(object, name));
}

static void check_near(double got, double right)
{
    ck_assert_msg(fabs(got - right) <= 1e-12 * fabs(right) + 1e-13, "%.17g, not %.17g", got, right);
}

/* ---- stories260k ---- */

/* The published winners, by sum, by token and by byte. */
static const struct {
    const char *group;
    int best, per_token, per_byte;
} groups[] = {{"animal", 2, 2, 2}, {"length", 2, 1, 1}};

/* The example that scores a group's choices as sequences, as a question with their texts. */
static json_t *question_about(const char *group)
{
    json_t *example = load("examples/", group), *texts = load("examples/", "texts");
    json_t *choices = json_object_get(example, "sequences"), *choice;
    size_t i;

    json_array_foreach(choices, i, choice)
    {
        json_object_set(
            choice, "text",
            json_array_get(json_object_get(json_object_get(texts, group), "completions"), i));
    }
    json_object_set(example, "choices", choices);
    json_object_del(example, "sequences");
    json_object_del(example, "objectives");
    json_object_del(example, "model");
    json_decref(texts);
    return example;
}

static void check_choice(const char *group, size_t index, json_t *choice)
{
    char name[32];
    json_t *reference, *id = json_object_get(choice, "id");
    const json_t *right;
    double log_prob;

    snprintf(name, sizeof name, "%s.%zu", group, index);
    ck_assert_str_eq(json_string_value(id), name);
    reference = load("tests/golden/stories260k/", name);
    right = json_object_get(json_object_get(reference, "totals"), "logP_y_given_x");
    log_prob = number_of(choice, "log_prob");
    check_near(log_prob, json_number_value(right));
    check_near(number_of(choice, "log_prob_per_token") * number_of(choice, "tokens"), log_prob);
    json_decref(reference);
}

START_TEST(groups_have_their_published_winners)
{
    json_t *questions = json_array(), *answer;

    for (size_t i = 0; i < COUNT(groups); i++)
        json_array_append_new(questions, question_about(groups[i].group));
    answer = post(json_pack("{s:o}", "questions", questions));
    for (size_t i = 0; i < COUNT(groups); i++) {
        json_t *question = question_of(answer, i), *best = json_object_get(question, "best");

        for (size_t c = 0; c < 3; c++)
            check_choice(groups[i].group, c, choice_of(question, c));
        ck_assert_int_eq((int)number_of(best, "log_prob"), groups[i].best);
        ck_assert_int_eq((int)number_of(best, "per_token"), groups[i].per_token);
        ck_assert_int_eq((int)number_of(best, "per_byte"), groups[i].per_byte);
    }
    json_decref(answer);
}
END_TEST

/* ---- GPT-2 ---- */

#define GPT2 "../shared/data/gpt2/"

/* The row after the prompt, shared by choices of one token each. */
static json_t *question_to_gpt2(json_t *prompt, const char *row_path)
{
    json_t *choices = json_array(), *row = json_array(), *candidate;
    const size_t x = json_array_size(json_object_get(prompt, "prompt_tokens"));
    size_t length, i;
    char *bytes = file_load(row_path, &length);

    for (i = 0; i < length / sizeof(float); i++) {
        float logit;

        memcpy(&logit, bytes + i * sizeof logit, sizeof logit);
        json_array_append_new(row, json_real((double)logit));
    }
    free(bytes);
    json_array_foreach(json_object_get(prompt, "candidates"), i, candidate)
    {
        json_array_append_new(choices, json_pack("{s:O,s:O}", "completion",
                                                 json_object_get(candidate, "completion_tokens"),
                                                 "text", json_object_get(candidate, "text_y")));
    }
    return json_pack("{s:O,s:i,s:o,s:[o]}", "prompt", json_object_get(prompt, "prompt_tokens"),
                     "offset", (int)x - 1, "choices", choices, "logits", row);
}

static void check_gpt2(json_t *prompt, json_t *question)
{
    json_t *candidate;
    double most = -HUGE_VAL, sum = 0;
    size_t i, best = 0;

    json_array_foreach(json_object_get(prompt, "candidates"), i, candidate)
    {
        const json_t *totals = json_object_get(json_object_get(candidate, "reference"), "totals");
        const double right = number_of(totals, "logP_y_given_x");

        check_near(number_of(choice_of(question, i), "log_prob"), right);
        check_near(number_of(choice_of(question, i), "log_prob_per_byte"),
                   -number_of(totals, "nll_per_byte_y"));
        sum += exp(right);
        best = right > most ? i : best;
        most = right > most ? right : most;
    }
    ck_assert_uint_eq((size_t)number_of(json_object_get(question, "best"), "log_prob"), best);
    check_near(number_of(choice_of(question, best), "probability"), exp(most) / sum);
}

START_TEST(gpt2_has_its_reference_values)
{
    static const char *const names[] = {"p0", "p3"};

    for (size_t i = 0; i < COUNT(names); i++) {
        json_t *prompt, *answer;
        char path[128];

        snprintf(path, sizeof path, GPT2 "%s.logits.f32", names[i]);
        if (access(path, R_OK) != 0) {
            printf("SKIP gpt2/%s: %s is not there\n", names[i], path);
            continue;
        }
        prompt = load(GPT2, names[i]);
        answer = post(question_to_gpt2(prompt, path));
        check_gpt2(prompt, question_of(answer, 0));
        json_decref(prompt);
        json_decref(answer);
    }
}
END_TEST

/* The example works as it stands: the best by sum is wrong both times, the best by byte once. */
START_TEST(the_example_is_answered)
{
    json_t *answer = post(load("examples/", "rank"));
    const json_t *totals = json_object_get(answer, "totals");

    check_near(number_of(json_object_get(totals, "acc"), "mean"), 0);
    check_near(number_of(json_object_get(totals, "acc_norm"), "mean"), 0.5);
    check_near(number_of(json_object_get(totals, "acc_norm"), "standard_error"), 0.5);
    json_decref(answer);
}
END_TEST

START_TEST(the_server_ends_well)
{
    ck_assert_msg(!service_has_nan(&service), "a number came out as NaN");
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {groups_have_their_published_winners,
                                  gpt2_has_its_reference_values, the_example_is_answered,
                                  the_server_ends_well, NULL};

    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    return suite_main("rank", tests);
}
