/* cohere.c - Cohere's generate: generations[].token_likelihoods[], whose "likelihood" is a
 * logarithm.
 *
 * With return_likelihoods ALL the prompt comes first, and its first token has none. */
#include "api/engines/engine_common.h"

static const struct object_names names = {NULL, "token", "likelihood", NULL};

static bool detect(json_t *response)
{
    return json_list(json_array_get(json_object_get(response, "generations"), 0),
                     "token_likelihoods")
           != NULL;
}

static bool read(struct engine_answer *answer, struct error *err)
{
    if (!json_list(answer->choice, "token_likelihoods"))
        return engine_answer_lacks(answer, "token_likelihoods", err);
    if (!read_objects(answer, "token_likelihoods", &names, err))
        return false;
    answer->prompt = answer->count;
    if (answer->count > 0 && !begins_without(answer)) {
        answer->prompt = 0;
        answer->start = START_UNKNOWN;
    }
    return true;
}

const struct engine engine_cohere = {
    .name = "cohere",
    .help = "Cohere generate: `generations[].token_likelihoods[]`.",
    .ask = "\"return_likelihoods\": \"ALL\" gives it",
    .lists = {"generations"},
    .detect = detect,
    .read = read,
};
