/* openai_chat.c - OpenAI chat completions: choices[].logprobs.content[].
 *
 * Generated tokens only.  llama.cpp answers completions in this shape too, and tells ids. */
#include "api/engines/engine.h"

static const struct object_names names = {"id", "token", "logprob", "top_logprobs"};

bool detect_openai_chat(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);

    return json_list(choice, "logprobs/content") && !json_object_get(choice, "token_ids")
           && !json_object_get(response, "prompt_logprobs")
           && !json_object_get(response, "prompt_token_ids");
}

bool read_openai_chat(struct engine_answer *reading)
{
    reading->start = START_UNKNOWN;
    if (!json_list(reading->choice, "logprobs/content"))
        return engine_answer_lacks(reading, "logprobs.content");
    return read_objects(reading, "logprobs/content", &names);
}
