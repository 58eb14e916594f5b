/* llamacpp.c - llama.cpp's server: completion_probabilities[] of /completion.
 *
 * Generated tokens only; a probability of 0 comes as the lowest float.  With post_sampling_probs,
 * and from old versions, it sends probabilities after sampling, which are not the model's. */
#include "api/engines/engine.h"

static const struct object_names names = {"id", "token", "logprob", "top_logprobs"};

bool detect_llamacpp(json_t *response)
{
    return json_list(response, "completion_probabilities") != NULL;
}

bool read_llamacpp(struct engine_answer *reading)
{
    const json_t *first, *prompt = json_object_get(reading->choice, "tokens_evaluated");

    reading->start = START_UNKNOWN;
    if (json_is_integer(prompt) && json_integer_value(prompt) >= 0)
        reading->prompt_told = (size_t)json_integer_value(prompt);
    if (!detect_llamacpp(reading->choice))
        return engine_answer_lacks(reading, "completion_probabilities");
    first = json_array_get(json_list(reading->choice, "completion_probabilities"), 0);
    if (json_object_get(first, "prob") || json_object_get(first, "probs"))
        return engine_answer_fail(
            reading, NO_LIST, 0, ERR_OUTPUTS,
            "it holds probabilities after sampling, not the model's: "
            "\"post_sampling_probs\": false (and a server that knows it) gives these");
    return read_objects(reading, "completion_probabilities", &names);
}
