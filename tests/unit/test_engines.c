/* test_engines.c - a real model's outputs in the shape of each engine.
 *
 * Every pair of stories260k is scored from its logits.  Then a writer turns the log-probabilities
 * of that answer (or the logits) into what an engine would have sent, and that must be scored the
 * same: bit for bit where the shape holds numbers, to its rounding where it does not. */
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "api/dom.h"
#include "api/mend.h"
#include "api/text.h"

#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 128 /* tokens */

struct story {
    size_t count, prompt, width; /* T, |x|, V */
    long long id[MOST];
    double log_prob[MOST]; /* of token 0: none */
    long long best[MOST];  /* the most likely token, and its log-prob */
    double best_log_prob[MOST];
    size_t rank[MOST];
    float *logits;
    double objective[3]; /* marginal, conditional, joint */
    const char *greedy;  /* of the conditional: as the answer has it */
    struct arena arena;
};

static const char *const objectives[] = {"marginal", "conditional", "joint"};

/* ---- writing ---- */

PRINTF(2, 3)
static void put(struct text *text, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_snippet(text, line);
}

static void put_value(struct text *text, const struct story *story, size_t i)
{
    text_number_or_null(text, i > 0, story->log_prob[i]);
}

/* Entries of tokens `from` to `to`, one after another. */
typedef void entry_f(struct text *text, const struct story *story, size_t i);

static void put_entries(struct text *text, const struct story *story, size_t from, size_t to,
                        entry_f *entry)
{
    text_puts(text, "[");
    for (size_t i = from; i < to; i++) {
        text_puts(text, i > from ? "," : "");
        entry(text, story, i);
    }
    text_puts(text, "]");
}

static void entry_text(struct text *text, const struct story *story, size_t i)
{
    (void)story;
    put(text, "'t%zu'", i);
}

static void entry_id(struct text *text, const struct story *story, size_t i)
{
    put(text, "%lld", story->id[i]);
}

static void entry_key(struct text *text, const struct story *story, size_t i)
{
    put(text, "'token_id:%lld'", story->id[i]);
}

static void write_openai(struct text *text, const struct story *story)
{
    text_snippet(text, "{'choices':[{'index':0,'logprobs':{'token_logprobs':");
    put_entries(text, story, 0, story->count, put_value);
    text_snippet(text, ",'tokens':");
    put_entries(text, story, 0, story->count, entry_key);
    put(text, "}}],'usage':{'prompt_tokens':%zu,'completion_tokens':%zu}}", story->prompt,
        story->count - story->prompt);
}

/* With the most likely token beside it. */
static void entry_object(struct text *text, const struct story *story, size_t i)
{
    put(text, "{'id':%lld,'token':'t','bytes':null,'logprob':", story->id[i]);
    put_value(text, story, i);
    put(text, ",'top_logprobs':[{'id':%lld,'token':'u','bytes':null,'logprob':", story->best[i]);
    text_number(text, story->best_log_prob[i]);
    text_puts(text, "}]}");
}

static void write_openai_chat(struct text *text, const struct story *story)
{
    text_snippet(text, "{'choices':[{'index':0,'logprobs':{'content':");
    put_entries(text, story, story->prompt, story->count, entry_object);
    text_puts(text, "}}]}");
}

static void write_llamacpp(struct text *text, const struct story *story)
{
    text_snippet(text, "{'completion_probabilities':");
    put_entries(text, story, story->prompt, story->count, entry_object);
    text_puts(text, "}");
}

static void entry_ranked(struct text *text, const struct story *story, size_t i)
{
    if (i == 0) {
        text_puts(text, "null");
        return;
    }
    put(text, "{'%lld':{'rank':%zu,'logprob':", story->id[i], story->rank[i]);
    put_value(text, story, i);
    text_puts(text, "}");
    if (story->best[i] != story->id[i]) {
        put(text, ",'%lld':{'rank':1,'logprob':", story->best[i]);
        text_number(text, story->best_log_prob[i]);
        text_puts(text, "}");
    }
    text_puts(text, "}");
}

static void write_vllm(struct text *text, const struct story *story)
{
    text_snippet(text, "{'choices':[{'index':0,'prompt_logprobs':");
    put_entries(text, story, 0, story->prompt, entry_ranked);
    text_snippet(text, ",'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    text_snippet(text, ",'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    text_snippet(text, ",'logprobs':{'token_logprobs':");
    put_entries(text, story, story->prompt, story->count, put_value);
    text_snippet(text, ",'tokens':");
    put_entries(text, story, story->prompt, story->count, entry_text);
    text_puts(text, "}}]}");
}

static void entry_triple(struct text *text, const struct story *story, size_t i)
{
    text_puts(text, "[");
    put_value(text, story, i);
    put(text, ",%lld,null]", story->id[i]);
}

static void write_sglang(struct text *text, const struct story *story)
{
    put(text, "{'meta_info':{'prompt_tokens':%zu,'input_token_logprobs':", story->prompt);
    put_entries(text, story, 0, story->prompt, entry_triple);
    text_snippet(text, ",'output_token_logprobs':");
    put_entries(text, story, story->prompt, story->count, entry_triple);
    text_puts(text, "}}");
}

static void entry_prefill(struct text *text, const struct story *story, size_t i)
{
    put(text, "{'id':%lld,'text':'t','logprob':", story->id[i]);
    put_value(text, story, i);
    text_puts(text, "}");
}

static void write_tgi(struct text *text, const struct story *story)
{
    text_snippet(text, "{'details':{'prefill':");
    put_entries(text, story, 0, story->prompt, entry_prefill);
    text_snippet(text, ",'tokens':");
    put_entries(text, story, story->prompt, story->count, entry_prefill);
    text_puts(text, "}}");
}

static void write_trt_logprobs(struct text *text, const struct story *story)
{
    text_snippet(text, "{'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    text_snippet(text, ",'outputs':[{'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    text_snippet(text, ",'prompt_logprobs':");
    put_entries(text, story, 1, story->prompt + (story->prompt < story->count), entry_ranked);
    text_snippet(text, ",'logprobs':");
    put_entries(text, story, story->prompt, story->count, entry_ranked);
    text_puts(text, "}]}");
}

/* Row i, written with the digits of floats. */
static void entry_row(struct text *text, const struct story *story, size_t i)
{
    for (size_t k = 0; k < story->width; k++) {
        char number[32];

        snprintf(number, sizeof number, "%.9g", (double)story->logits[i * story->width + k]);
        text_puts(text, k ? "," : "[");
        text_puts(text, number);
    }
    text_puts(text, "]");
}

static void write_trt_logits(struct text *text, const struct story *story)
{
    text_snippet(text, "{'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    text_snippet(text, ",'outputs':[{'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    text_snippet(text, ",'context_logits':");
    put_entries(text, story, 0, story->prompt, entry_row);
    text_snippet(text, ",'generation_logits':");
    put_entries(text, story, story->prompt - 1, story->count - 1, entry_row);
    text_puts(text, "}]}");
}

static void entry_likelihood(struct text *text, const struct story *story, size_t i)
{
    text_snippet(text, "{'token':'t'");
    if (i > 0) {
        text_snippet(text, ",'likelihood':");
        put_value(text, story, i);
    }
    text_puts(text, "}");
}

static void write_cohere(struct text *text, const struct story *story)
{
    text_snippet(text, "{'generations':[{'token_likelihoods':");
    put_entries(text, story, 0, story->count, entry_likelihood);
    text_puts(text, "}]}");
}

static void entry_chosen(struct text *text, const struct story *story, size_t i)
{
    put(text, "{'token':'t','tokenId':%lld,'logProbability':", story->id[i]);
    put_value(text, story, i);
    text_puts(text, "}");
}

static void write_gemini(struct text *text, const struct story *story)
{
    text_snippet(text, "{'candidates':[{'logprobsResult':{'chosenCandidates':");
    put_entries(text, story, story->prompt, story->count, entry_chosen);
    text_puts(text, "}}]}");
}

static void put_base64(struct text *text, const unsigned char *bytes, size_t count)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < count; i += 3) {
        const unsigned left = (unsigned)(count - i);
        const unsigned bits = (unsigned)bytes[i] << 16
                              | (left > 1 ? (unsigned)bytes[i + 1] : 0) << 8
                              | (left > 2 ? (unsigned)bytes[i + 2] : 0);
        const char group[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                               left > 1 ? alphabet[bits >> 6 & 63] : '=',
                               left > 2 ? alphabet[bits & 63] : '='};

        text_add(text, group, sizeof group);
    }
}

/* One row as llama-perplexity keeps it. */
static void put_compressed(const float *logits, size_t width, unsigned char *out)
{
    float most = logits[0], least = logits[0], head[2];
    double sum = 0;

    for (size_t k = 0; k < width; k++) {
        most = logits[k] > most ? logits[k] : most;
        least = logits[k] < least ? logits[k] : least;
    }
    least = least > most - 16 ? least : most - 16;
    for (size_t k = 0; k < width; k++)
        sum += exp((double)(logits[k] - most));
    head[0] = (most - least) / 65535;
    head[1] = (float)((double)(least - most) - log(sum));
    memcpy(out, head, sizeof head);
    for (size_t k = 0; k < width; k++) {
        const uint16_t q = logits[k] > least ? (uint16_t)lrintf((logits[k] - least) / head[0]) : 0;

        memcpy(out + sizeof head + 2 * k, &q, 2);
    }
}

static void write_llama_perplexity(struct text *text, const struct story *story)
{
    const size_t rows = story->count - 1 - story->count / 2, row = 8 + 2 * story->width;
    const size_t size = 20 + 4 * story->count + rows * row;
    unsigned char *file = calloc(1, size);
    const int32_t sizes[3] = {(int32_t)story->count, (int32_t)story->width, 1};

    memcpy(file, "_logits_", 8);
    memcpy(file + 8, sizes, sizeof sizes);
    for (size_t i = 0; i < story->count; i++) {
        const int32_t id = (int32_t)story->id[i];

        memcpy(file + 20 + 4 * i, &id, sizeof id);
    }
    for (size_t r = 0; r < rows; r++)
        put_compressed(story->logits + (story->count / 2 + r) * story->width, story->width,
                       file + 20 + 4 * story->count + r * row);
    text_puts(text, "\"");
    put_base64(text, file, size);
    text_puts(text, "\"");
    free(file);
}

/* ---- scoring ---- */

static json_t *answer_to(struct story *story, const struct text *request)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    json_error_t error;
    json_t *tree;
    bool starved;

    ck_assert(!request->failed);
    post(&x, &api, request->data, request->length, 0, request->length);
    ck_assert_msg(x.status == 200, "%.*s\n%.900s", (int)x.reply_length, x.reply, request->data);
    tree = dom_load(x.reply, x.reply_length, &story->arena, &error, &starved);
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
    tree = dom_load(text, length, &story->arena, &error, &starved);
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
    struct text request = {.arena = &story->arena};
    const json_t *sequence, *tokens;

    put(&request, "{'prompt_length':%zu,'details':['rank','top:1'],'tokens':", story->prompt);
    put_entries(&request, story, 0, story->count, entry_id);
    text_snippet(&request, ",'logits':");
    put_entries(&request, story, 0, story->count - 1, entry_row);
    text_puts(&request, "}");
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
    void (*write)(struct text *text, const struct story *story);
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
    struct text request = {.arena = &story->arena};
    const json_t *sequence;

    text_puts(&request, "{");
    if (whole || shape->asked)
        put(&request, "'prompt_length':%zu,", story->prompt);
    if (whole) {
        text_snippet(&request, "'tokens':");
        put_entries(&request, story, 0, story->count, entry_id);
        text_puts(&request, ",");
    }
    text_snippet(&request, "'outputs':");
    shape->write(&request, story);
    text_puts(&request, "}");
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
    struct text request = {.arena = &story->arena};
    const json_t *column;

    text_snippet(&request, "{'outputs':");
    write_llama_perplexity(&request, story);
    text_puts(&request, "}");
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

/* ---- numbers that JSON does not have ---- */

static const struct {
    const char *text, *mended;
} scalars[] = {
    {"NaN", "\"N\""},
    {"Infinity", "\"Infini\""},
    {"-Infinity", "\"-Infini\""},
    {"1e400", "\"Inf\""},
    {"-1e400", "\"-Inf\""},
    {"-12.5E+3000", "\"-Infinity\""},
    {"-12.5E+300000", "\"-Infinity  \""},
    {"18446744073709551615", "184467440737095516e2"},
    {"9223372036854775807", "92233720368547758e2"},
    {"-340282346638528859811704183484516925440", "-3402823466385288598117041834845169254e2"},
    /* Good, or bad in a way that is told elsewhere. */
    {"0", "0"},
    {"-0.5e-3", "-0.5e-3"},
    {"1e308", "1e308"},
    {"999999999999999999", "999999999999999999"},
    {"1e400e", "1e400e"},
    {"01e400", "01e400"},
    {"1.e400", "1.e400"},
    {"+1e400", "+1e400"},
    {"1e", "1e"},
    {"nan", "nan"},
    {"Infinit", "Infinit"},
    {"-NaN", "-NaN"},
    {"null", "null"},
};

START_TEST(numbers_are_mended_in_place)
{
    for (size_t i = 0; i < COUNT(scalars); i++) {
        char text[64];

        snprintf(text, sizeof text, "%s", scalars[i].text);
        mend_scalar(text, strlen(text));
        ck_assert_str_eq(text, scalars[i].mended);
        ck_assert(mend_is_needed(scalars[i].text, strlen(scalars[i].text))
                  || strcmp(scalars[i].text, text) == 0);
    }
}
END_TEST

/* Each stands between quotes. */
static const struct {
    const char *text, *mended;
} strings[] = {
    {"\\u0000", "\\ue800"},
    {"a\\u0000\\u0000b", "a\\ue800\\ue800b"},
    {"\\ud800", "\\ue000"},
    {"\\ud83d", "\\ue03d"},
    {"\\udBfF", "\\ue3fF"},
    {"\\uDC00", "\\ue400"},
    {"\\uDFFF", "\\ue7FF"},
    {"\\uD800x\\uDC00", "\\ue000x\\ue400"},
    {"\\ude00\\ud83d", "\\ue600\\ue03d"},
    {"\\ud83d\\ud83d\\ude00", "\\ue03d\\ud83d\\ude00"},
    {"\\udbff\\u0000", "\\ue3ff\\ue800"},
    {"\\n\\udc00\\\"", "\\n\\ue400\\\""},
    /* Good, or bad in a way that is told elsewhere. */
    {"", ""},
    {"\\uD83D\\uDE00", "\\uD83D\\uDE00"},
    {"\\ud800\\udc00\\udbff\\udfff", "\\ud800\\udc00\\udbff\\udfff"},
    {"\\\\u0000", "\\\\u0000"},
    {"\\u0001\\ud7ff\\ue000", "\\u0001\\ud7ff\\ue000"},
    {"u0000", "u0000"},
    {"\\u000", "\\u000"},
    {"\\u00g0", "\\u00g0"},
    {"\\U0000", "\\U0000"},
};

START_TEST(texts_are_mended_in_place)
{
    for (size_t i = 0; i < COUNT(strings); i++) {
        char text[64], mended[64];

        snprintf(text, sizeof text, "\"%s\"", strings[i].text);
        snprintf(mended, sizeof mended, "\"%s\"", strings[i].mended);
        mend_string(text, strlen(text));
        ck_assert_str_eq(text, mended);
    }
}
END_TEST

START_TEST(words_are_numbers)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"Infinity", INFINITY},
                 {"-Infinity", -INFINITY},
                 {"-Inf", -INFINITY},
                 {"Inf", INFINITY},
                 {"-Infinity  ", -INFINITY}};
    static const char *const others[] = {"",  "-",   "In",  "Infinityx",
                                         "0", "nan", "inf", " Infinity"};
    double value = 0;

    for (size_t i = 0; i < COUNT(words); i++)
        ck_assert(mend_word(words[i].word, &value) && value == words[i].value);
    ck_assert(mend_word("NaN", &value) && isnan(value));
    ck_assert(mend_word("N", &value) && isnan(value));
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!mend_word(others[i], &value), "%s", others[i]);
}
END_TEST

/* ---- scarcity ---- */

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
        status = x.status;
        ck_assert_msg(status == 413 || status == 200, "%.*s", (int)x.reply_length, x.reply);
        exchange_release(&x);
    }
    ck_assert_uint_gt(steps, 20);
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
    ck_assert_uint_eq(kept.status, 200);
    ck_assert_msg(kept.reply_length == gone.reply_length
                      && memcmp(kept.reply, gone.reply, kept.reply_length) == 0,
                  "%.*s", (int)gone.reply_length, gone.reply);
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
    struct text request;
    struct exchange x;

    arena_init(&arena, PLENTY, NULL);
    request = (struct text){.arena = &arena};
    text_snippet(&request, "{'format':'openai_chat','outputs':{'choices':[");
    for (size_t i = 8000; i > 0; i--)
        put(&request, "{'index':%zu,'logprobs':{'content':[]}}%s", i - 1, i > 1 ? "," : "]}}");
    post(&x, &api, request.data, request.length, 0, PLENTY);
    ck_assert_msg(x.status == 422 && reply_has(&x, "out of order"), "%.*s", (int)x.reply_length,
                  x.reply);
    exchange_release(&x);
    request.length = 0;
    text_snippet(&request, "{'outputs':{'choices':[{'prompt_token_ids':[0,1],'prompt_logprobs':"
                           "[null,{");
    for (size_t i = 0; i < 9000; i++)
        put(&request, "%s'%zu':{'logprob':-1,'rank':%zu}", i ? "," : "", i, i + 1);
    text_snippet(&request, "}]}]},'prompt_length':1,'sequences':[{}");
    for (size_t i = 0; i < 9000; i++)
        text_puts(&request, ",{}");
    text_puts(&request, "]}");
    post(&x, &api, request.data, request.length, 0, PLENTY);
    ck_assert_msg(x.status == 413 || x.status == 200, "%.*s", (int)x.reply_length, x.reply);
    exchange_release(&x);
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_shape_gives_the_score_of_the_logits,
                                  numbers_are_mended_in_place,
                                  texts_are_mended_in_place,
                                  words_are_numbers,
                                  an_answer_that_outgrows_its_memory_is_413,
                                  answers_stand_beside_rows_that_are_not_kept,
                                  hostile_answers_end_soon,
                                  NULL};

    api_start();
    return suite_main("engines", tests);
}
