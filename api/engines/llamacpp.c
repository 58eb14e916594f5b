/* llamacpp.c - llama.cpp's server: completion_probabilities[] of /completion.
 *
 * Only generated tokens.  A probability of 0 is written as the lowest float.  With
 * post_sampling_probs, and in old versions, the server returns probabilities after sampling.  Those
 * are not the model's, and are refused. */
#include "api/engines/engine_common.h"

static const struct object_names names = {"id", "token", "logprob", "top_logprobs"};

static bool detect(json_t *response)
{
    return json_list(response, "completion_probabilities") != NULL;
}

static bool read(struct engine_answer *answer, struct error *err)
{
    const json_t *first, *prompt = json_object_get(answer->choice, "tokens_evaluated");

    answer->start = START_UNKNOWN;
    if (json_is_integer(prompt) && json_integer_value(prompt) >= 0)
        answer->prompt_told = (size_t)json_integer_value(prompt);
    if (!detect(answer->choice))
        return engine_answer_lacks(answer, "completion_probabilities", err);
    first = json_array_get(json_list(answer->choice, "completion_probabilities"), 0);
    if (json_object_get(first, "prob") || json_object_get(first, "probs"))
        return engine_answer_fail(
            answer, NO_LIST, 0, ERR_OUTPUTS, err,
            "it holds probabilities after sampling, not the model's: "
            "\"post_sampling_probs\": false (and a server that knows it) gives these");
    return read_objects(answer, "completion_probabilities", &names, err);
}

const struct engine engine_llamacpp = {
    .name = "llamacpp",
    .help = "llama.cpp server: `completion_probabilities[]`; generated tokens only.",
    .ask = "\"n_probs\": 1 with \"post_sampling_probs\": false gives those of generated tokens, "
           "and there are "
           "none of the prompt",
    .detect = detect,
    .read = read,
};
