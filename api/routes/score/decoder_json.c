/* decoder_json.c - application/json, taken apart as it arrives. */
#include "api/body/json_body.h"
#include "api/routes/score/decoder.h"
#include "api/routes/score/score_answer.h"

static bool begin_json(struct exchange *x)
{
    return json_body_begin(x, &schema_score) != NULL;
}

static void finish_json(struct exchange *x)
{
    answer_request(x, json_body_end(x));
}

const struct decoder decoder_json = {"application/json",
                                     "{'$ref':'#/components/schemas/ScoreRequest'}",
                                     "A request; all but logits must fit --max-request-memory.",
                                     begin_json,
                                     json_body_feed,
                                     finish_json};
