/* test_models.c - outputs of real models, through the real binary.
 *
 * stories260k (tests/golden/stories260k): every position of 13 pairs against the published
 * reference and the exact value; nested and encoded logits give the same bytes.  GPT-2's rows of
 * 50,257 are used where the collection of test data lies beside the repository.  Random requests
 * hold to joint == marginal + conditional, bit for bit, also when many clients ask at once. */
#include "tests/http/service.h"
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static struct service service;

/* ---- requests ---- */

struct writer {
    char *text;
    size_t length;
};

static void put(struct writer *w, const char *text)
{
    const size_t more = strlen(text);

    memcpy(w->text + w->length, text, more + 1);
    w->length += more;
}

static void put_base64(struct writer *w, const unsigned char *bytes, size_t count)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < count; i += 3) {
        const unsigned b1 = i + 1 < count ? bytes[i + 1] : 0, b2 = i + 2 < count ? bytes[i + 2] : 0;
        const unsigned bits = (unsigned)bytes[i] << 16 | b1 << 8 | b2;
        char group[5] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63], alphabet[bits >> 6 & 63],
                         alphabet[bits & 63], '\0'};

        if (i + 1 >= count)
            group[2] = '=';
        if (i + 2 >= count)
            group[3] = '=';
        put(w, group);
    }
}

static void put_tensor(struct writer *w, const float *logits, size_t rows, size_t width)
{
    char head[96];

    snprintf(head, sizeof head, "{\"dtype\":\"f32\",\"shape\":[%zu,%zu],\"data\":\"", rows, width);
    put(w, head);
    put_base64(w, (const unsigned char *)logits, rows * width * sizeof *logits);
    put(w, "\"}");
}

static void put_rows(struct writer *w, const float *logits, size_t rows, size_t width)
{
    char number[40];

    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < width; i++) {
            snprintf(number, sizeof number, "%s%.9g",
                     i > 0   ? ","
                     : r > 0 ? "],["
                             : "[[",
                     (double)logits[r * width + i]);
            put(w, number);
        }
    }
    put(w, "]]");
}

static json_t *post(const char *body, size_t length, char **raw)
{
    struct reply reply;
    json_t *answer;

    service_post(&service, "/v1/score", body, length, &reply);
    ck_assert_msg(reply.status == 200, "%ld %s", reply.status, reply.body);
    answer = json_loads(reply.body, 0, NULL);
    if (raw)
        *raw = reply.body;
    else
        free(reply.body);
    return answer;
}

static json_t *at(json_t *value, const char *path)
{
    char name[64];

    while (*path && value) {
        const size_t length = strcspn(path, "/");

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(name))
                                     : json_object_get(value, name);
        path += length + (path[length] == '/');
    }
    return value;
}

static double number_at(json_t *value, const char *path)
{
    ck_assert_msg(json_is_number(at(value, path)), "%s", path);
    return json_number_value(at(value, path));
}

static void check_near(double got, double right, double relative, double absolute, const char *what)
{
    ck_assert_msg(fabs(got - right) <= relative * fabs(right) + absolute, "%s: %.17g, not %.17g",
                  what, got, right);
}

/* ---- stories260k ---- */

static const char *const stories[] = {"animal.0", "animal.1", "animal.2",    "ball",     "bytes",
                                      "empty_x",  "greedy",   "instruction", "length.0", "length.1",
                                      "length.2", "once",     "one_token"};

struct story {
    json_t *reference;
    float *logits;
    size_t rows, width;
};

static struct story story_load(const char *name)
{
    struct story story;
    char path[128];
    size_t length;

    snprintf(path, sizeof path, "tests/golden/stories260k/%s.json", name);
    story.reference = json_load_file(path, 0, NULL);
    snprintf(path, sizeof path, "tests/golden/stories260k/%s.logits.f32", name);
    story.logits = (float *)(void *)file_load(path, &length);
    story.rows = (size_t)json_integer_value(at(story.reference, "shape/0"));
    story.width = (size_t)json_integer_value(at(story.reference, "shape/1"));
    ck_assert_uint_eq(length, story.rows * story.width * sizeof(float));
    return story;
}

static char *story_request(const struct story *story, bool nested, size_t *length)
{
    struct writer w = {malloc(story->rows * story->width * 20 + 65536), 0};
    char *tokens = json_dumps(at(story->reference, "tokens"), JSON_COMPACT), number[32];

    put(&w, "{\"tokens\":");
    put(&w, tokens);
    snprintf(number, sizeof number, "%lld",
             (long long)json_integer_value(at(story->reference, "prompt_length")));
    put(&w, ",\"prompt_length\":");
    put(&w, number);
    put(&w, ",\"details\":[\"rank\",\"entropy\",\"top:1\"],\"label_smoothing\":0.1,\"logits\":");
    (nested ? put_rows : put_tensor)(&w, story->logits, story->rows, story->width);
    put(&w, "}");
    free(tokens);
    *length = w.length;
    return w.text;
}

/* The published values are rounded where log-sum-exp (about 18) and the logit are: 2^-48 and more.
 */
#define PUBLISHED 1e-14

static void check_positions(json_t *reference, json_t *answer)
{
    const size_t count = json_array_size(at(reference, "positions"));
    json_t *tokens = at(answer, "sequences/0/tokens");

    ck_assert(json_is_null(at(tokens, "log_prob/0")));
    for (size_t i = 0; i < count; i++) {
        json_t *right = json_array_get(at(reference, "positions"), i);
        char path[64];

        snprintf(path, sizeof path, "log_prob/%zu", i + 1);
        check_near(number_at(tokens, path), number_at(right, "exact"), 1e-14, 0, path);
        check_near(number_at(tokens, path), number_at(right, "logprob"), 1e-12, PUBLISHED, path);
        snprintf(path, sizeof path, "entropy/%zu", i + 1);
        check_near(number_at(tokens, path), number_at(right, "entropy"), 1e-12, PUBLISHED, path);
        snprintf(path, sizeof path, "rank/%zu", i + 1);
        ck_assert_int_eq((int)number_at(tokens, path), (int)number_at(right, "rank") + 1);
        snprintf(path, sizeof path, "top/%zu/0/0", i + 1);
        ck_assert_int_eq((int)number_at(tokens, path), (int)number_at(right, "argmax"));
        snprintf(path, sizeof path, "sequences/0/objectives/joint/token_loss/%zu", i + 1);
        check_near(number_at(answer, path), number_at(right, "smooth_loss"), 1e-12, 0, path);
    }
}

static void check_totals(json_t *reference, json_t *answer)
{
    json_t *objectives = at(answer, "sequences/0/objectives");

    check_near(number_at(objectives, "marginal/log_prob"), number_at(reference, "totals/logP_x"),
               1e-12, 10 * PUBLISHED, "logP_x");
    check_near(number_at(objectives, "conditional/log_prob"),
               number_at(reference, "totals/logP_y_given_x"), 1e-12, 10 * PUBLISHED,
               "logP_y_given_x");
    check_near(number_at(objectives, "joint/log_prob"), number_at(reference, "totals/logP_xy"),
               1e-12, 10 * PUBLISHED, "logP_xy");
    check_near(number_at(objectives, "conditional/perplexity"),
               number_at(reference, "totals/ppl_y"), 1e-12, 0, "ppl_y");
}

START_TEST(stories_have_their_reference_values)
{
    struct story story = story_load(stories[_i]);
    char *raw[2];

    for (int nested = 0; nested < 2; nested++) {
        size_t length;
        char *request = story_request(&story, nested == 1, &length);
        json_t *answer = post(request, length, &raw[nested]);

        check_positions(story.reference, answer);
        check_totals(story.reference, answer);
        json_decref(answer);
        free(request);
    }
    ck_assert_str_eq(raw[0], raw[1]);
    free(raw[0]);
    free(raw[1]);
    json_decref(story.reference);
    free(story.logits);
}
END_TEST

/* ---- GPT-2 ---- */

#define GPT2 "../shared/data/gpt2/"

static void check_candidate(json_t *prompt, json_t *candidate, const float *logits, size_t width)
{
    struct writer w = {malloc(width * 8 + 65536), 0};
    char *x = json_dumps(at(prompt, "prompt_tokens"), JSON_COMPACT), offset[32];
    char *y = json_dumps(at(candidate, "completion_tokens"), JSON_COMPACT);
    json_t *answer;

    put(&w, "{\"prompt\":");
    put(&w, x);
    put(&w, ",\"completion\":");
    put(&w, y);
    snprintf(offset, sizeof offset, ",\"offset\":%zu",
             json_array_size(at(prompt, "prompt_tokens")) - 1);
    put(&w, offset);
    put(&w, ",\"details\":[\"rank\",\"entropy\"],\"logits\":");
    put_tensor(&w, logits, 1, width);
    put(&w, "}");
    answer = post(w.text, w.length, NULL);
    check_near(number_at(answer, "sequences/0/objectives/conditional/log_prob"),
               number_at(candidate, "reference/positions/0/logprob"), 1e-12, 1e-13, "gpt2");
    ck_assert_ptr_null(at(answer, "sequences/0/objectives/joint"));
    json_decref(answer);
    free(w.text);
    free(x);
    free(y);
}

START_TEST(gpt2_has_its_reference_values)
{
    static const char *const names[] = {"p0", "p3"};
    char path[128];

    for (size_t i = 0; i < COUNT(names); i++) {
        json_t *prompt, *candidate;
        size_t index, length;
        float *logits;

        snprintf(path, sizeof path, GPT2 "%s.json", names[i]);
        if (access(path, R_OK) != 0) {
            printf("SKIP gpt2/%s: %s is not there\n", names[i], path);
            continue;
        }
        prompt = json_load_file(path, 0, NULL);
        snprintf(path, sizeof path, GPT2 "%s.logits.f32", names[i]);
        logits = (float *)(void *)file_load(path, &length);
        json_array_foreach(at(prompt, "candidates"), index, candidate)
        {
            check_candidate(prompt, candidate, logits, length / sizeof(float));
        }
        json_decref(prompt);
        free(logits);
    }
}
END_TEST

/* ---- random requests ---- */

static char *random_request(uint64_t seed, size_t *length)
{
    uint64_t state = seed + 1;
    const size_t tokens = 2 + random_bits(&state) % 20, width = 2 + random_bits(&state) % 300;
    float *logits = malloc(tokens * width * sizeof *logits);
    struct writer w = {malloc(tokens * width * 20 + 4096), 0};
    char number[32];

    for (size_t i = 0; i < tokens * width; i++)
        logits[i] = (float)(5 * random_normal(&state));
    for (size_t i = 0; i < tokens; i++) {
        snprintf(number, sizeof number, "%s%llu", i > 0 ? "," : "{\"tokens\":[",
                 (unsigned long long)(random_bits(&state) % width));
        put(&w, number);
    }
    snprintf(number, sizeof number, "],\"prompt_length\":%llu",
             (unsigned long long)(random_bits(&state) % (tokens + 1)));
    put(&w, number);
    put(&w, ",\"logits\":");
    put_rows(&w, logits, tokens, width);
    put(&w, "}");
    free(logits);
    *length = w.length;
    return w.text;
}

START_TEST(joint_is_marginal_plus_conditional)
{
    for (uint64_t seed = 0; seed < times(200); seed++) {
        size_t length;
        char *request = random_request(seed, &length);
        json_t *answer = post(request, length, NULL);
        static const char *const places[] = {"sequences/0/objectives", "totals/objectives"};

        for (size_t i = 0; i < COUNT(places); i++) {
            json_t *o = at(answer, places[i]);

            ck_assert(number_at(o, "joint/log_prob")
                      == number_at(o, "marginal/log_prob") + number_at(o, "conditional/log_prob"));
        }
        json_decref(answer);
        free(request);
    }
}
END_TEST

#define CLIENTS 16

struct client {
    pthread_t thread;
    uint64_t seed;
    char *request, *right;
    size_t length;
    bool good;
};

static void *client_run(void *context)
{
    struct client *client = context;

    client->good = true;
    for (int n = 0; n < 10; n++) {
        struct reply reply;

        service_post(&service, "/v1/score", client->request, client->length, &reply);
        client->good &= reply.status == 200 && strcmp(reply.body, client->right) == 0;
        free(reply.body);
    }
    return NULL;
}

START_TEST(clients_do_not_get_each_others_answers)
{
    struct client clients[CLIENTS];

    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].request = random_request(1000 + i, &clients[i].length);
        json_decref(post(clients[i].request, clients[i].length, &clients[i].right));
    }
    for (size_t i = 0; i < CLIENTS; i++)
        ck_assert_int_eq(pthread_create(&clients[i].thread, NULL, client_run, &clients[i]), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        ck_assert(clients[i].good);
        free(clients[i].request);
        free(clients[i].right);
    }
}
END_TEST

START_TEST(a_large_vocabulary)
{
    const size_t width = 262144;
    float *logits = malloc(width * sizeof *logits);
    struct writer w = {malloc(width * 8), 0};
    json_t *answer;

    for (size_t i = 0; i < width; i++)
        logits[i] = 2.5F;
    put(&w, "{\"tokens\":[0,262143],\"details\":[\"entropy\",\"top:3\"],\"logits\":");
    put_tensor(&w, logits, 1, width);
    put(&w, "}");
    answer = post(w.text, w.length, NULL);
    check_near(number_at(answer, "sequences/0/tokens/log_prob/1"), -18 * log(2), 1e-15, 0,
               "uniform");
    check_near(number_at(answer, "sequences/0/tokens/entropy/1"), 18 * log(2), 1e-14, 0, "uniform");
    ck_assert_int_eq((int)number_at(answer, "sequences/0/tokens/top/1/2/0"), 2);
    json_decref(answer);
    free(w.text);
    free(logits);
}
END_TEST

START_TEST(the_server_ends_well)
{
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("models");
    TCase *all = tcase_create("models");
    SRunner *runner = srunner_create(suite);
    int failed;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    service_start(&service, NULL);
    tcase_add_loop_test(all, stories_have_their_reference_values, 0, (int)COUNT(stories));
    tcase_add_test(all, gpt2_has_its_reference_values);
    tcase_add_test(all, joint_is_marginal_plus_conditional);
    tcase_add_test(all, clients_do_not_get_each_others_answers);
    tcase_add_test(all, a_large_vocabulary);
    tcase_add_test(all, the_server_ends_well);
    tcase_set_timeout(all, 120);
    suite_add_tcase(suite, all);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
