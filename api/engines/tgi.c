/* tgi.c - Text Generation Inference: details.prefill and details.tokens.
 *
 * Entry t of prefill is about token t.  The first is null, and so is every one that came from the
 * prefix cache; there are none unless the server runs with --enable-prefill-logprobs. */
#include "api/engines/engine.h"

static const struct object_names names = {"id", "text", "logprob", NULL};

bool detect_tgi(json_t *response)
{
    return json_list(response, "details/prefill") || json_list(response, "details/tokens");
}

bool read_tgi(struct engine_answer *reading)
{
    if (!detect_tgi(reading->choice))
        return engine_answer_lacks(reading, "details.prefill");
    if (!read_objects(reading, "details/prefill", &names))
        return false;
    reading->prompt = reading->count;
    reading->start = reading->count > 0 ? 0 : START_UNKNOWN;
    if (!read_objects(reading, "details/tokens", &names))
        return false;
    read_tops(reading, reading->prompt, json_list(reading->choice, "details/top_tokens"), NULL,
              &names);
    return true;
}
