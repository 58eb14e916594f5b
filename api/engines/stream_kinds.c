/* stream_kinds.c - the kinds of streams that engines send an answer in. */
#include "api/engines/stream_kinds.h"

#include "api/engines/engine_value.h"

#include <string.h>
#include <strings.h>

static bool is_word(const json_t *value, const char *const words[])
{
    const char *text = json_string_value(value);

    while (text && *words && strcasecmp(text, *words) != 0)
        words++;
    return text && *words;
}

bool stream_says_end(const json_t *value)
{
    static const char *const open[] = {"", "not_finished", "in_progress", "queued", NULL};

    return value && !json_is_null(value) && !json_is_false(value) && !is_word(value, open);
}

/* ---- chunks that are known by themselves ---- */

static json_t *first_of(const json_t *value, const char *list)
{
    return json_array_get(json_object_get(value, list), 0);
}

static bool is_chat_chunk(const json_t *value)
{
    const json_t *object = json_object_get(value, "object");
    const size_t length = json_string_length(object), suffix = strlen(".chunk");

    return (length > suffix && strcmp(json_string_value(object) + length - suffix, ".chunk") == 0)
           || json_object_get(first_of(value, "choices"), "delta");
}

static bool is_ollama_chunk(const json_t *value)
{
    return json_is_false(json_object_get(value, "done"));
}

static bool is_sglang_chunk(const json_t *value)
{
    const json_t *meta = json_object_get(value, "meta_info");

    return json_is_string(json_object_get(meta, "id"))
           && json_is_null(json_object_get(meta, "finish_reason"));
}

static bool is_tgi_chunk(const json_t *value)
{
    return json_is_object(json_object_get(value, "token"));
}

static bool is_llamacpp_chunk(const json_t *value)
{
    return json_is_false(json_object_get(value, "stop"))
           && json_is_string(json_object_get(value, "content"));
}

static bool is_responses_event(const json_t *value)
{
    const char *type = json_string_value(json_object_get(value, "type"));

    return type && strncmp(type, "response.", strlen("response.")) == 0;
}

static bool is_cohere_event(const json_t *value)
{
    static const char *const types[] = {"message-start",   "content-start",  "content-delta",
                                        "content-end",     "message-end",    "tool-plan-delta",
                                        "tool-call-start", "citation-start", NULL};

    return is_word(json_object_get(value, "type"), types);
}

static bool is_watsonx_chunk(const json_t *value)
{
    static const char *const reasons[] = {"not_finished", NULL};

    return is_word(json_object_get(first_of(value, "results"), "stop_reason"), reasons);
}

static bool is_vllm_chunk(const json_t *value)
{
    return json_is_false(json_object_get(value, "finished"))
           && json_is_array(json_object_get(value, "outputs"));
}

/* ---- chunks that look like answers ---- */

/* Whether another element has the id of the first one. */
static bool share_id(const json_t *list, const char *path)
{
    const json_t *id = json_below(json_array_get(list, 0), path);
    const size_t count = json_array_size(list);
    size_t i = 1;

    while (i < count && !json_equal(id, json_below(json_array_get(list, i), path)))
        i++;
    return json_string_length(id) > 0 && i < count;
}

/* Elements whose first choice has no reason to stop: those that say null, and those before the last
 * one that say nothing. */
struct unended {
    size_t null, absent;
};

static struct unended count_unended(const json_t *list, const char *choices, const char *reason)
{
    struct unended unended = {0, 0};

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *choice = first_of(json_array_get(list, i), choices);
        const json_t *value = json_object_get(choice, reason);

        unended.null += value && json_is_null(value);
        unended.absent += choice && !value && i + 1 < json_array_size(list);
    }
    return unended;
}

static bool are_completion_chunks(const json_t *list, bool is_text)
{
    const json_t *choice = first_of(json_array_get(list, 0), "choices");
    const struct unended unended = count_unended(list, "choices", "finish_reason");

    if (!json_object_get(choice, "text"))
        return false;
    if (json_array_size(list) == 1)
        return is_text && unended.null > 0;
    return unended.null > 0 || ((unended.absent > 0 || is_text) && share_id(list, "id"));
}

static bool are_gemini_chunks(const json_t *list, bool is_text)
{
    const size_t count = json_array_size(list);
    const json_t *last = json_array_get(list, count - 1);
    const struct unended camel = count_unended(list, "candidates", "finishReason");
    const struct unended snake = count_unended(list, "candidates", "finish_reason");
    const bool ended = json_object_get(first_of(last, "candidates"), "finishReason")
                       || json_object_get(first_of(last, "candidates"), "finish_reason");

    if (count < 2 || !first_of(json_array_get(list, 0), "candidates"))
        return false;
    return share_id(list, "response_id")
           || ((is_text || ended) && camel.absent > 0 && snake.absent > 0);
}

/* SGLang's chunks of which each says that it is the last one: the second one repeats the first. */
static bool are_sglang_chunks(const json_t *list, bool is_text)
{
    const char *path = "meta_info/output_token_logprobs";
    const json_t *first = json_list(json_array_get(list, 0), path);
    const json_t *second = json_list(json_array_get(list, 1), path);
    const size_t count = json_array_size(first);

    (void)is_text;
    return count > 0 && json_array_size(second) > count && share_id(list, "meta_info/id")
           && json_equal(json_array_get(first, count - 1), json_array_get(second, count - 1));
}

/* ---- the table ---- */

static const struct lift tgi_lifts[] = {{NULL, "token", "details/tokens/0", false},
                                        {NULL, "top_tokens", "details/top_tokens/0", false},
                                        {NULL, "details", "details", false},
                                        {NULL, "generated_text", "generated_text", false},
                                        {NULL, NULL, NULL, false}};

static const struct lift responses_lifts[] = {
    {"response.created", "response", "", false},
    {"response.output_text.delta", "logprobs", "output/0/content/0/logprobs", false},
    {"response.completed", "response", "", true},
    {"response.incomplete", "response", "", true},
    {"response.failed", "response", "", true},
    {NULL, NULL, NULL, false}};

/* Without the output of the whole answer, which lacks log-probabilities. */
static const struct lift responses_parts[] = {
    {"response.created", "response", "", false},
    {"response.output_text.delta", "logprobs", "output/0/content/0/logprobs", false},
    {"response.completed", "response/object", "object", false},
    {"response.completed", "response/status", "status", false},
    {"response.completed", "response/usage", "usage", false},
    {"response.incomplete", "response/object", "object", false},
    {"response.incomplete", "response/status", "status", false},
    {"response.incomplete", "response/usage", "usage", false},
    {"response.failed", "response/error", "error", false},
    {NULL, NULL, NULL, false}};

static const struct lift cohere_lifts[] = {
    {"message-start", "id", "id", false},
    {"content-delta", "logprobs", "logprobs/0", false},
    {"message-end", "delta/usage", "usage", false},
    {"message-end", "delta/finish_reason", "finish_reason", false},
    {NULL, NULL, NULL, false}};

/* Together's chunks have a number in place of the object. */
#define LISTED_OPENAI                                                                              \
    .listed = {"logprobs", "logprobs/content", "logprobs/refusal", "logprobs/reasoning_content",   \
               "logprobs/token_logprobs"}

static const struct stream_kind kinds[] = {
    {.is_chunk = is_chat_chunk,
     .has = {"choices", "usage"},
     .choices = "choices",
     .id = "id",
     .order = "created",
     .text = {"delta/content", "text"},
     LISTED_OPENAI,
     .end = "finish_reason"},
    {.are_chunks = are_completion_chunks,
     .has = {"choices", "usage"},
     .choices = "choices",
     .id = "id",
     .order = "created",
     .text = {"text"},
     LISTED_OPENAI,
     .end = "finish_reason"},
    {.is_chunk = is_ollama_chunk,
     .has = {"done", "created_at"},
     .order = "created_at",
     .text = {"response", "message/content"},
     .listed = {"logprobs"},
     .end = "done"},
    {.are_chunks = are_gemini_chunks,
     .has = {"candidates", "usageMetadata"},
     .choices = "candidates",
     .id = "response_id",
     .order = "usage_metadata/candidates_token_count",
     .text = {"content/parts/0/text"},
     .listed = {"logprobs_result/chosen_candidates"},
     .end = "finish_reason",
     .mean = "avg_logprobs",
     .numbers = "logprobs_result/chosen_candidates",
     .number = "log_probability"},
    {.is_chunk = is_sglang_chunk,
     .are_chunks = are_sglang_chunks,
     .has = {"meta_info"},
     .id = "meta_info/id",
     .order = "meta_info/completion_tokens",
     .numbered = true,
     .listed = {"meta_info/output_token_logprobs"},
     .end = "meta_info/finish_reason",
     .grows = "meta_info/output_token_logprobs",
     .told = "meta_info/completion_tokens"},
    {.is_chunk = is_tgi_chunk,
     .has = {"token"},
     .order = "index",
     .counts = true,
     .listed = {"token/logprob"},
     .end = "details",
     .lifts = tgi_lifts},
    {.is_chunk = is_llamacpp_chunk,
     .has = {"stop", "content"},
     .order = "tokens_predicted",
     .numbered = true,
     .text = {"content"},
     .listed = {"completion_probabilities"},
     .end = "stop"},
    {.is_chunk = is_responses_event,
     .has = {"type"},
     .order = "sequence_number",
     .text = {"delta"},
     .listed = {"logprobs"},
     .end = "response/status",
     .lifts = responses_lifts,
     .piece = "response.output_text.delta",
     .whole = "response/output/*/content/*/logprobs",
     .output = "response/output/0",
     .parts = responses_parts},
    {.is_chunk = is_cohere_event,
     .has = {"type"},
     .text = {"delta/message/content/text"},
     .listed = {"logprobs", "logprobs/logprobs"},
     .end = "delta/finish_reason",
     .lifts = cohere_lifts},
    {.is_chunk = is_watsonx_chunk,
     .has = {"results"},
     .choices = "results",
     .order = "created_at",
     .text = {"generated_text"},
     .listed = {"generated_tokens"},
     .end = "stop_reason"},
    {.is_chunk = is_vllm_chunk,
     .has = {"outputs"},
     .id = "request_id",
     .end = "finished",
     .grows = "outputs/0/token_ids"},
};

#define KINDS (sizeof kinds / sizeof *kinds)

const struct stream_kind *stream_kind_of(const json_t *value)
{
    for (size_t i = 0; i < KINDS && json_is_object(value); i++)
        if (kinds[i].is_chunk && kinds[i].is_chunk(value))
            return &kinds[i];
    return NULL;
}

const struct stream_kind *stream_kind_of_list(const json_t *list, bool is_text)
{
    const struct stream_kind *kind = NULL;

    for (size_t i = 0; i < json_array_size(list) && !kind; i++)
        kind = stream_kind_of(json_array_get(list, i));
    for (size_t i = 0; i < KINDS && !kind; i++)
        kind = kinds[i].are_chunks && kinds[i].are_chunks(list, is_text) ? &kinds[i] : NULL;
    return kind;
}
