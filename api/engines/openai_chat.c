/* openai_chat.c - OpenAI chat completions: choices[].logprobs.content[].
 *
 * Only generated tokens.  llama.cpp returns completions in this format too, with ids. */
#include "api/engines/engine_common.h"

static const struct object_names names = {"id", "token", "logprob", "top_logprobs"};

static bool detect(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);

    return json_list(choice, "logprobs/content") && !json_object_get(choice, "token_ids")
           && !json_object_get(response, "prompt_logprobs")
           && !json_object_get(response, "prompt_token_ids");
}

static bool read(struct engine_answer *answer, struct error *err)
{
    answer->start = START_UNKNOWN;
    if (!json_list(answer->choice, "logprobs/content"))
        return engine_answer_lacks(answer, "logprobs.content", err);
    return read_objects(answer, "logprobs/content", &names, err);
}

const struct engine engine_openai_chat = {
    .name = "openai_chat",
    .help = "OpenAI chat completions: `choices[].logprobs.content[]`; generated tokens only.",
    .ask = "\"logprobs\": true gives those of generated tokens, and there are none of the prompt",
    .lists = {"choices"},
    .detect = detect,
    .read = read,
};
