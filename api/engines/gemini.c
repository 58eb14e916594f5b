/* gemini.c - Gemini: candidates[].logprobsResult.
 *
 * Generated tokens only.  The chosen candidate need not be among the top ones, which stand in a
 * list of their own. */
#include "api/engines/engine.h"

#define CHOSEN "logprobsResult/chosenCandidates"

static const struct object_names names = {"tokenId", "token", "logProbability", NULL};

bool detect_gemini(json_t *response)
{
    return json_object_get(json_array_get(json_object_get(response, "candidates"), 0),
                           "logprobsResult")
           != NULL;
}

bool read_gemini(struct engine_answer *reading)
{
    reading->start = START_UNKNOWN;
    if (!json_list(reading->choice, CHOSEN))
        return engine_answer_lacks(reading, "logprobsResult.chosenCandidates");
    if (!read_objects(reading, CHOSEN, &names))
        return false;
    read_tops(reading, 0, json_list(reading->choice, "logprobsResult/topCandidates"), "candidates",
              &names);
    return true;
}
