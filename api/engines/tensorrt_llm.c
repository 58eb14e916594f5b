/* tensorrt_llm.c - TensorRT-LLM: its server (choices[]), its Python objects (outputs[]), and
 * Triton's flat answers.
 *
 * - context_logits: row t is the distribution of token t + 1.
 * - generation_logits: row t is the distribution of generated token t.  Its first row repeats the
 * last one of context_logits.
 * - prompt_logprobs: entry t is about token t + 1, so the last one is about the first generated
 * token.
 * - logprobs, output_log_probs: entry t is about generated token t.
 *
 * Triton returns a tensor flat, or with a dimension for beams, of which there must be one.  It
 * returns 0 or zeros for a tensor that was not requested.  If KV-cache blocks are reused, there are
 * fewer rows than tokens, and the member `offset` gives the number of missing rows. */
#include "api/engines/tensorrt_llm.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_answer.h"
#include "api/engines/engine_told.h"
#include "api/engines/tensorrt_logits.h"
#include "api/engines/token_list.h"
#include "api/engines/token_map.h"

#include <stdio.h>

static bool has_logits(json_t *object)
{
    return json_object_get(object, "context_logits") || json_object_get(object, "generation_logits")
           || json_object_get(object, "output_log_probs");
}

static bool has_id(const json_t *map, const json_t *ids, size_t at)
{
    const json_t *id = json_array_get(ids, at);
    char key[24];

    snprintf(key, sizeof key, "%lld", (long long)json_integer_value(id));
    return json_is_integer(id) && json_object_get(map, key);
}

/* Whether the first entry of prompt_logprobs is one of vLLM, though it is not null: it has a text,
 * or it is about token 0 and not about token 1. */
static bool is_of_vllm(const json_t *answer, const json_t *first)
{
    const json_t *token = json_object_iter_value(json_object_iter((json_t *)first));
    const json_t *ids = json_list(answer, "prompt_token_ids");

    return json_object_get(token, "decoded_token")
           || (has_id(first, ids, 0) && !has_id(first, ids, 1));
}

static bool is_of_choice(json_t *choice)
{
    const json_t *first = json_array_get(json_object_get(choice, "prompt_logprobs"), 0);

    return has_logits(choice) || (first && !json_is_null(first) && !is_of_vllm(choice, first));
}

static bool is_of_output(json_t *output)
{
    const json_t *first = json_array_get(json_object_get(output, "prompt_logprobs"), 0);

    return has_logits(output) || (first && !json_is_null(first));
}

bool tensorrt_llm_detect(json_t *response)
{
    return has_logits(response)
           || is_of_choice(json_array_get(json_object_get(response, "choices"), 0))
           || is_of_output(json_array_get(json_object_get(response, "outputs"), 0));
}

/* ---- numbers of tokens ---- */

/* The only beam, or the list itself if it has no dimension for beams. */
static const json_t *only_beam(const json_t *list)
{
    const json_t *beam = json_array_get(list, 0);

    return json_is_array(beam) && json_array_size(list) == 1 ? beam : list;
}

static void tell_generated(const struct engine_answer *answer, struct tensorrt_lengths *told)
{
    static const char *const lists[] = {"token_ids", "generation_logits", "logprobs",
                                        "logprobs/token_logprobs", "output_log_probs"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = engine_answer_array(answer, lists[i], NULL), *beam = only_beam(list);

        /* The length of a flat tensor is not a number of tokens. */
        if (!list || (i == 1 && !json_is_array(json_array_get(beam, 0))))
            continue;
        told->generated = json_array_size(beam);
        told->list = lists[i];
        return;
    }
}

static struct tensorrt_lengths told_lengths(const struct engine_answer *answer)
{
    const char *name;
    const json_t *ids = engine_answer_array(answer, "prompt_token_ids", NULL);
    struct tensorrt_lengths told = {
        ids ? json_array_size(ids)
            : engine_told_count(answer, answer->engine->prompt_count, 1, &name),
        START_UNKNOWN, "generation_logits"};

    tell_generated(answer, &told);
    return told;
}

/* The number of tokens in the prompt: as the answer gives it; or all of the request's, if the list
 * of the prompt has as many entries (`listed`); or those that were not generated. */
static size_t prompt_length(const struct engine_answer *answer, const struct tensorrt_lengths *told,
                            size_t generated, size_t listed)
{
    const size_t asked = answer->asked_count;

    if (told->prompt != START_UNKNOWN)
        return told->prompt;
    if (listed == asked || generated == START_UNKNOWN)
        return asked;
    return asked > generated ? asked - generated : 0;
}

/* ---- rows ---- */

/* There must be one row for each token of the prompt.  Without rows of generated tokens, the last
 * one may be missing. */
static bool check_prompt(struct engine_answer *answer, const struct tensorrt_logits *context,
                         bool more, size_t prompt, struct error *err)
{
    const size_t end = answer->offset + context->count;

    const bool untold = !answer->asked && !engine_answer_array(answer, "prompt_token_ids", NULL);

    if (!context->rows || untold || end == prompt || (!more && end + 1 == prompt))
        return true;
    return engine_answer_fail(answer, context->list, context->count - 1, ERR_BAD_COUNT, err,
                              "%zu rows for the %zu tokens of the prompt%s", context->count, prompt,
                              end < prompt ? ": offset says how many lack" : "");
}

/* Copy the rows of the prompt, then those of generated tokens.  answer->first_row is the token of
 * the first one. */
static bool read_rows(struct engine_answer *answer, const struct tensorrt_logits *context,
                      const struct tensorrt_logits *generation, size_t prompt, struct error *err)
{
    const bool both = context->rows && generation->rows;
    /* the last row of the prompt is about the first generated token */
    const size_t before = context->count - both;

    answer->rows = before + generation->count;
    answer->width = context->rows ? context->width : generation->width;
    answer->first_row = context->rows ? answer->offset + 1 : prompt;
    answer->row_list[0] = context->list;
    answer->row_list[1] = generation->list;
    answer->rows_before = before;
    answer->matrix =
        arena_alloc(answer->arena, answer->rows, answer->width * dtype_size(answer->dtype));
    if (!answer->matrix)
        return arena_fail(answer->arena, err);
    for (size_t i = 0; i < answer->rows; i++)
        if (!(i < before ? tensorrt_copy_row(answer, context, i, i, err)
                         : tensorrt_copy_row(answer, generation, i - before, i, err)))
            return false;
    return true;
}

/* Append tokens without a log-probability.  They point at their ids in list `name`, or else at
 * elements of list `other`. */
static bool read_tokens(struct engine_answer *answer, const char *name, const char *other,
                        size_t count, struct error *err)
{
    bool of_choice;
    const json_t *ids = engine_answer_array(answer, name, &of_choice);
    size_t list;

    if (!ids)
        engine_answer_array(answer, name = other, &of_choice);
    list = engine_answer_list(answer, of_choice, name, NULL);
    if (!ids && !answer->asked && count > 0) /* the ids are not known */
        engine_answer_notice(answer, WARNING_LEFT_OUT, list, 0);
    for (size_t i = 0; i < count && (ids || answer->asked); i++)
        if (!engine_answer_add(answer, list, i, json_array_get(ids, i), NULL, err))
            return false;
    return true;
}

static bool read_all_tokens(struct engine_answer *answer, const struct tensorrt_lengths *lengths,
                            struct error *err)
{
    if (!answer->asked && !engine_answer_array(answer, "prompt_token_ids", NULL))
        return true;
    if (answer->asked && lengths->prompt > answer->asked_count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "a prompt of %zu tokens for the %zu tokens of the sequence",
                                  lengths->prompt, answer->asked_count);
    if (!read_tokens(answer, "prompt_token_ids", "context_logits", lengths->prompt, err))
        return false;
    answer->prompt = lengths->prompt;
    return read_tokens(answer, "token_ids", lengths->list, lengths->generated, err);
}

/* ---- log-probabilities ---- */

static int64_t id_at(const struct engine_answer *answer, const json_t *ids, size_t at, size_t token)
{
    const json_t *id = json_array_get(ids, at);

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    return token < answer->asked_count ? answer->asked[token] : ENGINE_NO_ID;
}

static bool read_one(struct engine_answer *answer, size_t list, size_t at, const json_t *value,
                     int64_t id, struct error *err)
{
    if (json_is_object(value))
        return token_map_read(answer, list, at, value, id, false, err);
    if (!engine_answer_add(answer, list, at, NULL, value, err))
        return false;
    answer->entry[answer->count - 1].id = id;
    return true;
}

/* Parse the prompt.  Token 0 has no entry in prompt_logprobs; entry t is about token t + 1. */
static bool read_prompt(struct engine_answer *answer, size_t prompt, struct error *err)
{
    bool of_choice;
    const json_t *list = engine_answer_array(answer, "prompt_logprobs", &of_choice);
    const json_t *ids = engine_answer_array(answer, "prompt_token_ids", NULL);
    const size_t place = engine_answer_list(answer, of_choice, "prompt_logprobs", NULL);
    const size_t count = json_array_size(list);

    if (!list)
        return true;
    prompt = prompt > 0 ? prompt : count;
    if (count + 1 < prompt || count > prompt)
        return engine_answer_fail(answer, place, count - 1, ERR_BAD_COUNT, err,
                                  "%zu prompt_logprobs for the %zu tokens of the prompt", count,
                                  prompt);
    answer->alignment = "next";
    if (!read_one(answer, place, 0, NULL, id_at(answer, ids, 0, 0), err))
        return false;
    for (size_t i = 1; i < prompt; i++)
        if (!read_one(answer, place, i - 1, json_array_get(list, i - 1), id_at(answer, ids, i, i),
                      err))
            return false;
    answer->prompt = prompt;
    return true;
}

static bool read_generated(struct engine_answer *answer, struct error *err)
{
    bool of_choice;
    const json_t *list = engine_answer_array(answer, "logprobs", &of_choice);
    const json_t *ids = engine_answer_array(answer, "token_ids", NULL);
    const bool triton = !list && !json_list(answer->choice, "logprobs/token_logprobs");
    const char *name = triton ? "output_log_probs" : "logprobs";
    size_t place;

    list = only_beam(triton ? engine_answer_array(answer, name, &of_choice) : list);
    if (answer->count == 0)
        answer->start = START_UNKNOWN;
    if (!list && !triton)
        return token_list_read(
            answer,
            &(struct token_source){.value = json_object_get(answer->choice, name),
                                   .of_choice = true,
                                   .path = name,
                                   .ids = ids,
                                   .ids_path = "token_ids"},
            err);
    place = engine_answer_list(answer, of_choice, name, NULL);
    if (ids && list && json_array_size(ids) != json_array_size(list))
        return engine_answer_fail(answer, place, 0, ERR_BAD_COUNT, err, "%zu token_ids and %zu %s",
                                  json_array_size(ids), json_array_size(list), name);
    answer->unlisted = list ? 0 : json_array_size(ids);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_one(answer, place, i, json_array_get(list, i),
                      id_at(answer, ids, i,
                            answer->start == START_UNKNOWN ? START_UNKNOWN : answer->count),
                      err))
            return false;
    return true;
}

static bool read_logits(struct engine_answer *answer, const struct tensorrt_lengths *told,
                        struct error *err)
{
    struct tensorrt_logits context, generation;
    struct tensorrt_lengths lengths = *told;

    if (!tensorrt_find_logits(answer, &context, &generation, told, err))
        return false;
    if (told->generated == START_UNKNOWN)
        lengths.generated = generation.count;
    lengths.prompt = prompt_length(answer, told, lengths.generated,
                                   context.rows ? answer->offset + context.count : START_UNKNOWN);
    answer->alignment = context.rows ? "next" : "same";
    return check_prompt(answer, &context, generation.rows, lengths.prompt, err)
           && read_all_tokens(answer, &lengths, err)
           && read_rows(answer, &context, &generation, lengths.prompt, err);
}

/* Whether the tokens are as many as the answer counts. */
static bool check_counts(struct engine_answer *answer, struct error *err)
{
    const size_t generated = answer->count - answer->prompt;
    struct engine_told told;

    return engine_told_read(answer, &told, err)
           && (generated == 0 || engine_told_check(answer, &told, generated, err))
           && engine_told_sums(answer, answer->prompt, err);
}

bool tensorrt_llm_read(struct engine_answer *answer, struct error *err)
{
    const struct tensorrt_lengths told = told_lengths(answer);
    const json_t *listed = engine_answer_array(answer, "prompt_logprobs", NULL);

    answer->by_asked = true;
    if (engine_answer_array(answer, "context_logits", NULL)
        || engine_answer_array(answer, "generation_logits", NULL))
        return read_logits(answer, &told, err);
    answer->prompt_told = told.prompt;
    if (!read_prompt(answer, prompt_length(answer, &told, told.generated, json_array_size(listed)),
                     err)
        || !read_generated(answer, err))
        return false;
    return answer->count > 0
               ? check_counts(answer, err)
               : engine_answer_lacks(answer, "context_logits, generation_logits or prompt_logprobs",
                                     err);
}
