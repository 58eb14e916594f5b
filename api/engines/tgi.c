/* tgi.c - Text Generation Inference: details.prefill and details.tokens.
 *
 * Entry t of prefill is about token t.  The first one is null, and so are those that came from the
 * prefix cache.  The server returns prefill only if it runs with --enable-prefill-logprobs. */
#include "api/engines/engine_common.h"

static const struct object_names names = {"id", "text", "logprob", NULL};

static bool detect(json_t *response)
{
    return json_list(response, "details/prefill") || json_list(response, "details/tokens");
}

static bool read(struct engine_answer *answer, struct error *err)
{
    if (!detect(answer->choice))
        return engine_answer_lacks(answer, "details.prefill", err);
    if (!read_objects(answer, "details/prefill", &names, err))
        return false;
    answer->prompt = answer->count;
    answer->start = answer->count > 0 ? 0 : START_UNKNOWN;
    if (!read_objects(answer, "details/tokens", &names, err))
        return false;
    read_tops(answer, answer->prompt, json_list(answer->choice, "details/top_tokens"), NULL,
              &names);
    return true;
}

const struct engine engine_tgi = {
    .name = "tgi",
    .help = "Text Generation Inference: `details.prefill` and `details.tokens`.",
    .ask =
        "\"details\": true and \"decoder_input_details\": true give it where the server runs with "
        "--enable-prefill-logprobs and without prefix caching",
    .detect = detect,
    .read = read,
};
