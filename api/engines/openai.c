/* openai.c - OpenAI completions: choices[].logprobs as parallel arrays.
 *
 * Entry t is about token t.  With "echo" the prompt comes first, and its first entry is null;
 * without it there are generated tokens only.  Texts are no ids, unless they are written as
 * "token_id:N". */
#include "api/engine.h"

bool detect_openai(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);

    return json_list(choice, "logprobs/token_logprobs")
           && !json_object_get(choice, "prompt_logprobs")
           && !json_object_get(choice, "prompt_token_ids") && !json_object_get(choice, "token_ids");
}

/* Whether the prompt comes first: its first token has no log-probability, unless the server put one
 * before it, and then `usage` counts all the entries. */
static bool is_echo(const struct reading *reading)
{
    const size_t made = told_usage(reading, "completion_tokens");

    if (begins_without(reading))
        return true;
    return reading->count > 0 && reading->prompt_told <= reading->count
           && reading->count - reading->prompt_told == (made == START_UNKNOWN ? 0 : made);
}

bool read_openai(struct reading *reading)
{
    if (!json_list(reading->choice, "logprobs/token_logprobs"))
        return reading_lacks(reading, "logprobs.token_logprobs");
    if (!read_arrays(reading, 0, NULL))
        return false;
    reading->prompt_told = told_usage(reading, "prompt_tokens");
    if (is_echo(reading))
        reading->prompt = told_prompt(reading);
    else
        reading->start = START_UNKNOWN;
    return true;
}
