/* compare_endpoint.c - POST /v1/compare. */
#include "api/routes/compare/compare_endpoint.h"
#include "api/members/schemas.h"

#include "api/exchange/media_type.h"
#include "api/exchange/stopwatch.h"
#include "api/routes/compare/compare_reply.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

/* The rows of both models are kept: they are compared when the request is complete. */
static const struct body_use use = {.layout = &body_layout_models,
                                    .kept =
                                        "the rows of both models, which are kept to be compared,"};

static bool begin_compare(struct exchange *x)
{
    return media_type_check_json(x) && json_request_begin(x, &use, &schema_compare);
}

static bool answer_compare(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct duel duel;
    struct scores scores;
    const bool good = score_request(&scores, planner) && duel_make(&duel, &scores, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    duel_write(reply, &duel);
    score_reply_stats(&x->stats, &scores);
    x->stats.sequences = duel.count; /* not counted once for each model */
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_compare(struct exchange *x)
{
    json_request_finish(x, answer_compare);
}

const struct endpoint endpoint_compare = {begin_compare, json_request_feed, finish_compare};
