/* openai.c - OpenAI completions: choices[].logprobs as parallel arrays.
 *
 * Entry t is about token t.  With "echo" the prompt comes first, and its first entry is null.
 * Without it there are only generated tokens.  Texts are not ids, unless they have the form
 * "token_id:N". */
#include "api/engines/engine_common.h"

static bool detect(json_t *response)
{
    const json_t *choice = json_array_get(json_object_get(response, "choices"), 0);

    return json_list(choice, "logprobs/token_logprobs")
           && !json_object_get(choice, "prompt_logprobs")
           && !json_object_get(choice, "prompt_token_ids") && !json_object_get(choice, "token_ids");
}

/* Whether the prompt comes first.  Then its first token has no log-probability, unless the server
 * put a token before it.  `usage` is evidence too.  No echo: there are fewer entries than prompt
 * tokens, or as many as were generated (but an echo alone may be counted as one).  Echo: there are
 * as many as both together. */
static bool is_echo(const struct engine_answer *answer)
{
    const size_t told = answer->prompt_told, count = answer->count;
    const size_t made = told_usage(answer, "completion_tokens");

    if (count == 0 || told == START_UNKNOWN)
        return begins_without(answer);
    if (count < told)
        return false;
    if (count - told == (made == START_UNKNOWN ? 0 : made))
        return true;
    return begins_without(answer) && (count != made || made == 1);
}

static bool read(struct engine_answer *answer, struct error *err)
{
    if (!json_list(answer->choice, "logprobs/token_logprobs"))
        return engine_answer_lacks(answer, "logprobs.token_logprobs", err);
    if (!read_arrays(answer, 0, NULL, err))
        return false;
    answer->prompt_told = told_usage(answer, "prompt_tokens");
    if (is_echo(answer))
        answer->prompt = told_prompt(answer);
    else
        answer->start = START_UNKNOWN;
    return true;
}

const struct engine engine_openai = {
    .name = "openai",
    .help = "OpenAI completions: `choices[].logprobs` with parallel arrays; the prompt too with "
            "`echo`.",
    .ask = "\"echo\": true with \"logprobs\": 0 or more gives those of the prompt too",
    .lists = {"choices"},
    .detect = detect,
    .read = read,
};
