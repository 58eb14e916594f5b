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

const struct decoder decoder_json = {.media_type = MEDIA_TYPE_JSON,
                                     .schema = "{'$ref':'#/components/schemas/ScoreRequest'}",
                                     .help =
                                         "A request; all but logits must fit --max-request-memory.",
                                     .begin = begin_json,
                                     .feed = json_request_feed,
                                     .finish = finish_json};
