/* decoder_json.c - application/json, parsed as it arrives. */
#include "api/exchange/media_type.h"
#include "api/members/schemas.h"
#include "api/routes/score/decoder.h"
#include "api/routes/score/score_answer.h"

static bool begin_json(struct exchange *x)
{
    return json_request_begin(x, &score_use, &schema_score);
}

static void finish_json(struct exchange *x)
{
    answer_request(x, json_request_end(x));
}

const struct decoder decoder_json = {MEDIA_TYPE_JSON,
                                     "{'$ref':'#/components/schemas/ScoreRequest'}",
                                     "A request; all but logits must fit --max-request-memory.",
                                     begin_json,
                                     json_request_feed,
                                     finish_json};
