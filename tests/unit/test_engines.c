/* test_engines.c - a real model's outputs in the shape of each engine.
 *
 * Every pair of stories260k is scored from its logits.  Then a writer turns the log-probabilities
 * of that answer (or the logits) into what an engine would have sent, and that must be scored the
 * same: bit for bit where the shape holds numbers, to its rounding where it does not. */
#include "tests/plain/load.h"
#include "tests/unit/engine_shapes.h"
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/engines/engine_answer.h"
#include "api/json/dom.h"

#include <dirent.h>
#include <stdlib.h>

static const char *const objectives[] = {"marginal", "conditional", "joint"};

/* ---- scoring ---- */

static json_t *answer_to(struct story *story, const struct strbuf *request)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    json_error_t error;
    json_t *tree;
    bool starved;

    ck_assert(!request->failed);
    post(&x, &api, request->data, request->length, 0, request->length);
    ck_assert_msg(x.reply.status == 200, "%.*s\n%.900s", (int)x.reply.length, x.reply.body,
                  request->data);
    tree = plain_load(x.reply.body, x.reply.length, &story->arena, &error, &starved);
    ck_assert_ptr_nonnull(tree);
    exchange_release(&x);
    return json_array_get(json_object_get(tree, "sequences"), 0);
}

static double number_of(const json_t *sequence, const char *objective, const char *name)
{
    return json_number_value(
        json_object_get(json_object_get(json_object_get(sequence, "objectives"), objective), name));
}

static const char *greedy_of(const json_t *sequence)
{
    const json_t *greedy = json_object_get(
        json_object_get(json_object_get(sequence, "objectives"), "conditional"), "greedy");

    return json_is_true(greedy) ? "true" : json_is_false(greedy) ? "false" : "null";
}

static char *load(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 1 << 20);

    ck_assert_msg(file != NULL, "%s", path);
    *length = fread(bytes, 1, (1 << 20) - 1, file);
    fclose(file);
    return bytes;
}

static void read_story(struct story *story, const char *name)
{
    char path[256];
    size_t length;
    json_error_t error;
    bool starved;
    char *text;
    const json_t *tree, *tokens;

    snprintf(path, sizeof path, "tests/golden/stories260k/%s.json", name);
    text = load(path, &length);
    tree = plain_load(text, length, &story->arena, &error, &starved);
    tokens = json_object_get(tree, "tokens");
    story->count = json_array_size(tokens);
    ck_assert_uint_lt(story->count, MOST);
    for (size_t i = 0; i < story->count; i++)
        story->id[i] = json_integer_value(json_array_get(tokens, i));
    story->prompt = (size_t)json_integer_value(json_object_get(tree, "prompt_length"));
    story->width = (size_t)json_integer_value(json_array_get(json_object_get(tree, "shape"), 1));
    free(text);
    snprintf(path, sizeof path, "tests/golden/stories260k/%s.logits.f32", name);
    story->logits = (float *)(void *)load(path, &length);
}

/* From its logits: the numbers that the writers use, and that all shapes must come back to. */
static void score_logits(struct story *story)
{
    struct strbuf request = {.arena = &story->arena};
    const json_t *sequence, *tokens;

    put(&request, "{'prompt_length':%zu,'details':['rank','top:1'],'tokens':", story->prompt);
    put_entries(&request, story, 0, story->count, entry_id);
    strbuf_snippet(&request, ",'logits':");
    put_entries(&request, story, 0, story->count - 1, entry_row);
    strbuf_puts(&request, "}");
    sequence = answer_to(story, &request);
    tokens = json_object_get(sequence, "tokens");
    for (size_t i = 1; i < story->count; i++) {
        const json_t *best = json_array_get(json_array_get(json_object_get(tokens, "top"), i), 0);

        story->log_prob[i] =
            json_number_value(json_array_get(json_object_get(tokens, "log_prob"), i));
        story->rank[i] =
            (size_t)json_integer_value(json_array_get(json_object_get(tokens, "rank"), i));
        story->best[i] = json_integer_value(json_array_get(best, 0));
        story->best_log_prob[i] = json_number_value(json_array_get(best, 1));
    }
    for (size_t o = 0; o < COUNT(objectives); o++)
        story->objective[o] = number_of(sequence, objectives[o], "log_prob");
    story->greedy = greedy_of(sequence);
}

static const struct shape {
    const char *name;
    void (*write)(struct strbuf *text, const struct story *story);
    bool generated; /* tokens only */
    bool told;      /* which tokens are most likely, and the ids */
    bool asked;     /* the request must tell the split */
} shapes[] = {
    {"openai", write_openai, .told = false},
    {"openai_chat", write_openai_chat, .generated = true, .told = true},
    {"vllm", write_vllm, .told = false},
    {"sglang", write_sglang, .told = false},
    {"tgi", write_tgi, .told = false},
    {"llamacpp", write_llamacpp, .generated = true, .told = true},
    {"tensorrt_llm", write_trt_logprobs, .told = true},
    {"tensorrt_llm", write_trt_logits, .told = true},
    {"cohere", write_cohere, .asked = true},
    {"gemini", write_gemini, .generated = true},
};

/* `whole`: with the tokens of the request, else with those of the engine. */
static void check_shape(struct story *story, const struct shape *shape, bool whole)
{
    struct strbuf request = {.arena = &story->arena};
    const json_t *sequence;

    strbuf_puts(&request, "{");
    if (whole || shape->asked)
        put(&request, "'prompt_length':%zu,", story->prompt);
    if (whole) {
        strbuf_snippet(&request, "'tokens':");
        put_entries(&request, story, 0, story->count, entry_id);
        strbuf_puts(&request, ",");
    }
    strbuf_snippet(&request, "'outputs':");
    shape->write(&request, story);
    strbuf_puts(&request, "}");
    sequence = answer_to(story, &request);
    ck_assert_str_eq(
        json_string_value(json_object_get(json_object_get(sequence, "source"), "format")),
        shape->name);
    for (size_t o = shape->generated ? 1 : 0; o < (shape->generated ? 2 : COUNT(objectives)); o++)
        ck_assert_msg(number_of(sequence, objectives[o], "log_prob") == story->objective[o],
                      "%s %s: %.17g, not %.17g", shape->name, objectives[o],
                      number_of(sequence, objectives[o], "log_prob"), story->objective[o]);
    ck_assert_msg(!shape->told || strcmp(greedy_of(sequence), story->greedy) == 0, "%s: %s, not %s",
                  shape->name, greedy_of(sequence), story->greedy);
}

/* The quantum is 16 / 65535 of a nat at most. */
static void check_compressed(struct story *story)
{
    struct strbuf request = {.arena = &story->arena};
    const json_t *column;

    strbuf_snippet(&request, "{'outputs':");
    write_llama_perplexity(&request, story);
    strbuf_puts(&request, "}");
    column = json_object_get(json_object_get(answer_to(story, &request), "tokens"), "log_prob");
    ck_assert_uint_eq(json_array_size(column), story->count);
    for (size_t i = story->count / 2 + 1; i < story->count; i++) {
        const double got = json_number_value(json_array_get(column, i));
        const double least = story->best_log_prob[i] - 16, right = story->log_prob[i];

        ck_assert_msg(fabs(got - (right > least ? right : least)) < 1.3e-4, "token %zu: %g, not %g",
                      i, got, right);
    }
}

static void check_story(const char *name)
{
    struct story story = {0};

    arena_init(&story.arena, (size_t)256 << 20, NULL);
    read_story(&story, name);
    score_logits(&story);
    for (size_t s = 0; s < COUNT(shapes); s++) {
        check_shape(&story, &shapes[s], true);
        if (story.prompt > 0 && story.prompt < story.count)
            check_shape(&story, &shapes[s], false);
    }
    check_compressed(&story);
    free(story.logits);
    arena_release(&story.arena);
}

START_TEST(every_shape_gives_the_score_of_the_logits)
{
    DIR *folder = opendir("tests/golden/stories260k");
    size_t count = 0;

    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const size_t length = strlen(entry->d_name);

        if (length < 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        entry->d_name[length - 5] = '\0';
        check_story(entry->d_name);
        count++;
    }
    closedir(folder);
    ck_assert_uint_eq(count, 13);
}
END_TEST

/* No engine notes so many; what is said in one more is said to stand in the answer. */
START_TEST(lists_past_the_last_are_the_answer)
{
    struct engine_answer answer = {.choice_path = "/outputs", .response_path = "/outputs"};
    char pointer[64];
    size_t list;

    for (size_t i = 0; i < ANSWER_LISTS; i++)
        ck_assert_uint_eq(engine_answer_list(&answer, true, "list", NULL), i);
    list = engine_answer_list(&answer, true, "list", NULL);
    engine_answer_pointer(&answer, list, 3, pointer, sizeof pointer);
    ck_assert_str_eq(pointer, "/outputs");
    ck_assert_uint_eq(answer.list_count, ANSWER_LISTS);
    engine_answer_pointer(&answer, 0, 3, pointer, sizeof pointer);
    ck_assert_str_eq(pointer, "/outputs/list/3");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_shape_gives_the_score_of_the_logits,
                                  lists_past_the_last_are_the_answer, NULL};

    api_start();
    return suite_main("engines", tests);
}
