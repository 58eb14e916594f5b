/* openai.c - OpenAI completions: choices[].logprobs as parallel arrays.
 *
 * Entry t is about token t.  With "echo" the prompt comes first, and its first entry is null;
 * without it there are generated tokens only.  Texts are no ids, unless they are written as
 * "token_id:N". */
#include "api/engines/engine.h"

bool detect_openai(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);

    return json_list(choice, "logprobs/token_logprobs")
           && !json_object_get(choice, "prompt_logprobs")
           && !json_object_get(choice, "prompt_token_ids") && !json_object_get(choice, "token_ids");
}

/* Whether the prompt comes first: then its first token has no log-probability, unless the server
 * put one before it.  `usage` tells, too: there are too few entries for the prompt, or as many as
 * were generated (servers that answer an echo alone may count one), or as both together. */
static bool is_echo(const struct engine_answer *reading)
{
    const size_t told = reading->prompt_told, count = reading->count;
    const size_t made = told_usage(reading, "completion_tokens");

    if (count == 0 || told == START_UNKNOWN)
        return begins_without(reading);
    if (count < told)
        return false;
    if (count - told == (made == START_UNKNOWN ? 0 : made))
        return true;
    return begins_without(reading) && (count != made || made == 1);
}

bool read_openai(struct engine_answer *reading)
{
    if (!json_list(reading->choice, "logprobs/token_logprobs"))
        return engine_answer_lacks(reading, "logprobs.token_logprobs");
    if (!read_arrays(reading, 0, NULL))
        return false;
    reading->prompt_told = told_usage(reading, "prompt_tokens");
    if (is_echo(reading))
        reading->prompt = told_prompt(reading);
    else
        reading->start = START_UNKNOWN;
    return true;
}
