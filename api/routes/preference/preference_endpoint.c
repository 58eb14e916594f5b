/* preference_endpoint.c - POST /v1/preference. */
#include "api/routes/preference/preference_endpoint.h"

#include "api/exchange/media_type.h"
#include "api/exchange/stopwatch.h"
#include "api/members/schemas.h"
#include "api/routes/preference/preference_reply.h"
#include "api/score/early_rows.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

static const struct body_use use = {.layout = &body_layout_pairs, .decide = early_rows_decide};

static bool begin_preference(struct exchange *x)
{
    return media_type_check_json(x) && json_request_begin(x, &use, &schema_preference);
}

static bool answer_preference(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct scores scores;
    struct verdicts verdicts;
    const bool good = score_request(&scores, planner)
                      && verdicts_make(&verdicts, &scores, planner->body->tree, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    preference_reply_write(reply, &verdicts);
    score_reply_stats(&x->stats, &scores);
    x->stats.sequences = verdicts.cases.count; /* and not the outputs that were summed up */
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_preference(struct exchange *x)
{
    json_request_finish(x, answer_preference);
}

const struct endpoint endpoint_preference = {begin_preference, json_request_feed,
                                             finish_preference};
