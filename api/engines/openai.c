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

bool read_openai(struct reading *reading)
{
    if (!json_list(reading->choice, "logprobs/token_logprobs"))
        return reading_lacks(reading, "logprobs.token_logprobs");
    if (!read_arrays(reading, 0, NULL))
        return false;
    if (reading->count > 0 && reading->entry[0].state == ENTRY_NULL)
        reading->prompt = told_prompt(reading);
    else if (reading->count != reading->asked_count)
        reading->start = START_UNKNOWN;
    else
        reading->prompt = reading->count;
    return true;
}
