/* vllm.c - vLLM's completions and chat completions.
 *
 * prompt_logprobs is in a choice, or at the top level for chat.  Entry t is about token t; the
 * first is null.  Each entry is an object from ids to {logprob, rank}, with the most likely tokens
 * and the actual one.  prompt_token_ids ("return_token_ids": true) or the request's tokens say
 * which one is the actual token.  Without either it is known only if it is the only one, or if its
 * rank is beyond the list.  Generated tokens follow in `logprobs`, as OpenAI's arrays or content,
 * with token_ids.  With "echo" the arrays begin with the prompt. */
#include "api/engines/engine_common.h"

static const struct object_names names = {"id", "token", "logprob", "top_logprobs"};

/* vLLM always has these keys, if only as null.  The first entry of prompt_logprobs is null;
 * TensorRT-LLM's is not. */
static bool detect(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);
    const json_t *of_choice = json_object_get(choice, "prompt_logprobs");
    const json_t *of_response = json_object_get(response, "prompt_logprobs");
    const json_t *first = json_array_get(of_choice ? of_choice : of_response, 0);

    if (!choice || json_object_get(choice, "context_logits"))
        return false;
    return json_object_get(choice, "prompt_token_ids") || json_object_get(choice, "token_ids")
           || json_object_get(response, "prompt_token_ids")
           || ((of_choice || of_response) && (!first || json_is_null(first)));
}

/* A list of the choice, or else of the response. */
static json_t *list_of(const struct engine_answer *answer, const char *name, bool *of_choice)
{
    json_t *list = json_list(answer->choice, name);

    *of_choice = list != NULL;
    return list ? list : json_list(answer->response, name);
}

static int64_t id_of(struct engine_answer *answer, const json_t *ids, size_t token)
{
    const json_t *id = json_array_get(ids, token);

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    answer->by_asked = true;
    return token < answer->asked_count ? answer->asked[token] : ENGINE_NO_ID;
}

static bool read_prompt(struct engine_answer *answer, const json_t *ids, struct error *err)
{
    bool of_choice;
    const json_t *list = list_of(answer, "prompt_logprobs", &of_choice);
    const size_t place = engine_answer_list(answer, of_choice, "prompt_logprobs", NULL);
    const size_t count = json_array_size(list);

    if (ids && json_array_size(ids) != count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%zu prompt_token_ids and %zu prompt_logprobs",
                                  json_array_size(ids), count);
    for (size_t i = 0; i < count; i++)
        if (!read_ranked(answer, place, i, json_array_get(list, i), id_of(answer, ids, i), err))
            return false;
    answer->prompt = count;
    return true;
}

/* Set the ids of the entries from `from` on. */
static void tell_ids(struct engine_answer *answer, size_t from, const json_t *ids)
{
    for (size_t i = 0; i < json_array_size(ids) && from + i < answer->count; i++) {
        const json_t *id = json_array_get(ids, i);

        if (json_is_integer(id))
            answer->entry[from + i].id = json_integer_value(id);
    }
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Parse arrays.  With "echo" they begin with the prompt: the first entry is null, and there are at
 * least as many as the prompt has tokens. */
static bool read_all_arrays(struct engine_answer *answer, const json_t *ids,
                            const json_t *generated, struct error *err)
{
    const json_t *numbers = json_list(answer->choice, "logprobs/token_logprobs");
    const size_t count = json_array_size(numbers), made = json_array_size(generated);
    const bool echo = json_is_null(json_array_get(numbers, 0)) && count >= json_array_size(ids);

    if (answer->count > 0) /* prompt_logprobs came before */
        return read_arrays(answer,
                           echo        ? smaller(answer->prompt, count)
                           : generated ? count - smaller(made, count)
                                       : 0,
                           generated, err);
    if (!read_arrays(answer, 0, NULL, err))
        return false;
    if (!echo)
        answer->start = START_UNKNOWN;
    else if (ids)
        answer->prompt = smaller(json_array_size(ids), count);
    else
        answer->prompt = generated ? count - smaller(made, count) : told_prompt(answer);
    tell_ids(answer, 0, echo ? ids : NULL);
    tell_ids(answer, answer->prompt, generated);
    return true;
}

static bool read_content(struct engine_answer *answer, const json_t *ids, struct error *err)
{
    const size_t from = answer->count;

    if (from == 0)
        answer->start = START_UNKNOWN;
    if (!read_objects(answer, "logprobs/content", &names, err))
        return false;
    tell_ids(answer, from, ids);
    return true;
}

static bool read(struct engine_answer *answer, struct error *err)
{
    bool of_choice;
    const json_t *listed = list_of(answer, "prompt_logprobs", &of_choice);
    json_t *ids = list_of(answer, "prompt_token_ids", &of_choice);
    json_t *generated = json_list(answer->choice, "token_ids");
    const bool arrays = json_list(answer->choice, "logprobs/token_logprobs") != NULL;
    const bool content = json_list(answer->choice, "logprobs/content") != NULL;

    if (!listed && !arrays && !content)
        return engine_answer_lacks(answer, "prompt_logprobs or logprobs", err);
    if (ids)
        answer->prompt_told = json_array_size(ids);
    else if (arrays) /* for chat it counts the template, too */
        answer->prompt_told = told_usage(answer, "prompt_tokens");
    if (listed && !read_prompt(answer, ids, err))
        return false;
    if (arrays)
        return read_all_arrays(answer, ids, generated, err);
    return !content || read_content(answer, generated, err);
}

const struct engine engine_vllm = {
    .name = "vllm",
    .help = "vLLM: `prompt_logprobs` (of a choice, or at the top level of chat) with "
            "`prompt_token_ids`, and "
            "`logprobs` with `token_ids`.",
    .ask = "\"prompt_logprobs\": 0 with \"return_token_ids\": true gives those of the prompt, "
           "\"logprobs\": 0 those of generated tokens, \"echo\": true both",
    .lists = {"choices"},
    .detect = detect,
    .read = read,
};
