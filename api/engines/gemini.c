/* gemini.c - Gemini: candidates[].logprobsResult.
 *
 * Only generated tokens.  The top candidates are in a list of their own, which need not have the
 * chosen one. */
#include "api/engines/engine_common.h"

#define CHOSEN "logprobsResult/chosenCandidates"

static const struct object_names names = {"tokenId", "token", "logProbability", NULL};

static bool detect(json_t *response)
{
    return json_object_get(json_array_get(json_object_get(response, "candidates"), 0),
                           "logprobsResult")
           != NULL;
}

static bool read(struct engine_answer *answer, struct error *err)
{
    answer->start = START_UNKNOWN;
    if (!json_list(answer->choice, CHOSEN))
        return engine_answer_lacks(answer, "logprobsResult.chosenCandidates", err);
    if (!read_objects(answer, CHOSEN, &names, err))
        return false;
    read_tops(answer, 0, json_list(answer->choice, "logprobsResult/topCandidates"), "candidates",
              &names);
    return true;
}

const struct engine engine_gemini = {
    .name = "gemini",
    .help = "Gemini: `candidates[].logprobsResult`; generated tokens only.",
    .ask = "\"responseLogprobs\": true gives those of generated tokens, and there are none of the "
           "prompt",
    .lists = {"candidates"},
    .detect = detect,
    .read = read,
};
