/* engine_shapes.h - what a model said of a sequence, in the shape of each engine. */
#ifndef TESTS_UNIT_ENGINE_SHAPES_H
#define TESTS_UNIT_ENGINE_SHAPES_H

#include "api/base/error.h"
#include "api/base/strbuf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

PRINTF(2, 3)
static inline void put(struct strbuf *text, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    strbuf_snippet(text, line);
}

static inline void put_value(struct strbuf *text, const struct story *story, size_t i)
{
    strbuf_number_or_null(text, i > 0, story->log_prob[i]);
}

/* Entries of tokens `from` to `to`, one after another. */
typedef void entry_f(struct strbuf *text, const struct story *story, size_t i);

static inline void put_entries(struct strbuf *text, const struct story *story, size_t from,
                               size_t to, entry_f *entry)
{
    strbuf_puts(text, "[");
    for (size_t i = from; i < to; i++) {
        strbuf_puts(text, i > from ? "," : "");
        entry(text, story, i);
    }
    strbuf_puts(text, "]");
}

static inline void entry_text(struct strbuf *text, const struct story *story, size_t i)
{
    (void)story;
    put(text, "'t%zu'", i);
}

static inline void entry_id(struct strbuf *text, const struct story *story, size_t i)
{
    put(text, "%lld", story->id[i]);
}

static inline void entry_key(struct strbuf *text, const struct story *story, size_t i)
{
    put(text, "'token_id:%lld'", story->id[i]);
}

static inline void write_openai(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'choices':[{'index':0,'logprobs':{'token_logprobs':");
    put_entries(text, story, 0, story->count, put_value);
    strbuf_snippet(text, ",'tokens':");
    put_entries(text, story, 0, story->count, entry_key);
    put(text, "}}],'usage':{'prompt_tokens':%zu,'completion_tokens':%zu}}", story->prompt,
        story->count - story->prompt);
}

/* With the most likely token beside it. */
static inline void entry_object(struct strbuf *text, const struct story *story, size_t i)
{
    put(text, "{'id':%lld,'token':'t','bytes':null,'logprob':", story->id[i]);
    put_value(text, story, i);
    put(text, ",'top_logprobs':[{'id':%lld,'token':'u','bytes':null,'logprob':", story->best[i]);
    strbuf_number(text, story->best_log_prob[i]);
    strbuf_puts(text, "}]}");
}

static inline void write_openai_chat(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'choices':[{'index':0,'logprobs':{'content':");
    put_entries(text, story, story->prompt, story->count, entry_object);
    strbuf_puts(text, "}}]}");
}

static inline void write_llamacpp(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'completion_probabilities':");
    put_entries(text, story, story->prompt, story->count, entry_object);
    strbuf_puts(text, "}");
}

static inline void entry_ranked(struct strbuf *text, const struct story *story, size_t i)
{
    if (i == 0) {
        strbuf_puts(text, "null");
        return;
    }
    put(text, "{'%lld':{'rank':%zu,'logprob':", story->id[i], story->rank[i]);
    put_value(text, story, i);
    strbuf_puts(text, "}");
    if (story->best[i] != story->id[i]) {
        put(text, ",'%lld':{'rank':1,'logprob':", story->best[i]);
        strbuf_number(text, story->best_log_prob[i]);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

static inline void write_vllm(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'choices':[{'index':0,'prompt_logprobs':");
    put_entries(text, story, 0, story->prompt, entry_ranked);
    strbuf_snippet(text, ",'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    strbuf_snippet(text, ",'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    strbuf_snippet(text, ",'logprobs':{'token_logprobs':");
    put_entries(text, story, story->prompt, story->count, put_value);
    strbuf_snippet(text, ",'tokens':");
    put_entries(text, story, story->prompt, story->count, entry_text);
    strbuf_puts(text, "}}]}");
}

static inline void entry_triple(struct strbuf *text, const struct story *story, size_t i)
{
    strbuf_puts(text, "[");
    put_value(text, story, i);
    put(text, ",%lld,null]", story->id[i]);
}

static inline void write_sglang(struct strbuf *text, const struct story *story)
{
    put(text, "{'meta_info':{'prompt_tokens':%zu,'input_token_logprobs':", story->prompt);
    put_entries(text, story, 0, story->prompt, entry_triple);
    strbuf_snippet(text, ",'output_token_logprobs':");
    put_entries(text, story, story->prompt, story->count, entry_triple);
    strbuf_puts(text, "}}");
}

static inline void entry_prefill(struct strbuf *text, const struct story *story, size_t i)
{
    put(text, "{'id':%lld,'text':'t','logprob':", story->id[i]);
    put_value(text, story, i);
    strbuf_puts(text, "}");
}

static inline void write_tgi(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'details':{'prefill':");
    put_entries(text, story, 0, story->prompt, entry_prefill);
    strbuf_snippet(text, ",'tokens':");
    put_entries(text, story, story->prompt, story->count, entry_prefill);
    strbuf_puts(text, "}}");
}

static inline void write_trt_logprobs(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    strbuf_snippet(text, ",'outputs':[{'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    strbuf_snippet(text, ",'prompt_logprobs':");
    put_entries(text, story, 1, story->prompt + (story->prompt < story->count), entry_ranked);
    strbuf_snippet(text, ",'logprobs':");
    put_entries(text, story, story->prompt, story->count, entry_ranked);
    strbuf_puts(text, "}]}");
}

/* Row i, written with the digits of floats. */
static inline void entry_row(struct strbuf *text, const struct story *story, size_t i)
{
    for (size_t k = 0; k < story->width; k++) {
        char number[32];

        snprintf(number, sizeof number, "%.9g", (double)story->logits[i * story->width + k]);
        strbuf_puts(text, k ? "," : "[");
        strbuf_puts(text, number);
    }
    strbuf_puts(text, "]");
}

static inline void write_trt_logits(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'prompt_token_ids':");
    put_entries(text, story, 0, story->prompt, entry_id);
    strbuf_snippet(text, ",'outputs':[{'token_ids':");
    put_entries(text, story, story->prompt, story->count, entry_id);
    strbuf_snippet(text, ",'context_logits':");
    put_entries(text, story, 0, story->prompt, entry_row);
    strbuf_snippet(text, ",'generation_logits':");
    put_entries(text, story, story->prompt - 1, story->count - 1, entry_row);
    strbuf_puts(text, "}]}");
}

static inline void entry_likelihood(struct strbuf *text, const struct story *story, size_t i)
{
    strbuf_snippet(text, "{'token':'t'");
    if (i > 0) {
        strbuf_snippet(text, ",'likelihood':");
        put_value(text, story, i);
    }
    strbuf_puts(text, "}");
}

static inline void write_cohere(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'generations':[{'token_likelihoods':");
    put_entries(text, story, 0, story->count, entry_likelihood);
    strbuf_puts(text, "}]}");
}

static inline void entry_chosen(struct strbuf *text, const struct story *story, size_t i)
{
    put(text, "{'token':'t','tokenId':%lld,'logProbability':", story->id[i]);
    put_value(text, story, i);
    strbuf_puts(text, "}");
}

static inline void write_gemini(struct strbuf *text, const struct story *story)
{
    strbuf_snippet(text, "{'candidates':[{'logprobsResult':{'chosenCandidates':");
    put_entries(text, story, story->prompt, story->count, entry_chosen);
    strbuf_puts(text, "}}]}");
}

static inline void put_base64(struct strbuf *text, const unsigned char *bytes, size_t count)
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

        strbuf_add(text, group, sizeof group);
    }
}

/* One row as llama-perplexity keeps it. */
static inline void put_compressed(const float *logits, size_t width, unsigned char *out)
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

static inline void write_llama_perplexity(struct strbuf *text, const struct story *story)
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
    strbuf_puts(text, "\"");
    put_base64(text, file, size);
    strbuf_puts(text, "\"");
    free(file);
}

#endif
