/* cohere.c - Cohere's generate: generations[].token_likelihoods[], whose "likelihood" is a
 * logarithm.
 *
 * With return_likelihoods ALL the prompt comes first, and its first token has none. */
#include "api/engines/engine.h"

static const struct object_names names = {NULL, "token", "likelihood", NULL};

bool detect_cohere(json_t *response)
{
    return json_list(json_array_get(json_object_get(response, "generations"), 0),
                     "token_likelihoods")
           != NULL;
}

bool read_cohere(struct engine_answer *reading)
{
    if (!json_list(reading->choice, "token_likelihoods"))
        return engine_answer_lacks(reading, "token_likelihoods");
    if (!read_objects(reading, "token_likelihoods", &names))
        return false;
    reading->prompt = reading->count;
    if (reading->count > 0 && !begins_without(reading)) {
        reading->prompt = 0;
        reading->start = START_UNKNOWN;
    }
    return true;
}
