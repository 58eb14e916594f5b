/* rank_endpoint.c - POST /v1/rank. */
#include "api/routes/rank/rank_endpoint.h"
#include "api/members/schemas.h"

#include "api/exchange/media_type.h"
#include "api/exchange/stopwatch.h"
#include "api/routes/rank/confidences.h"
#include "api/routes/rank/rank_reply.h"
#include "api/score/early_rows.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

static const struct body_use use = {.layout = &body_layout_choices, .decide = early_rows_decide};

static bool begin_rank(struct exchange *x)
{
    return media_type_check_json(x) && json_request_begin(x, &use, &schema_rank);
}

static bool answer_rank(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct ranking ranking;
    struct scores scores;
    const bool good = score_request(&scores, planner) && ranking_make(&ranking, &scores, x)
                      && confidences_make(&ranking, planner->body->tree, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good || !ranking_write(reply, &ranking, x))
        return false;
    score_reply_stats(&x->stats, &scores);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_rank(struct exchange *x)
{
    json_request_finish(x, answer_rank);
}

const struct endpoint endpoint_rank = {begin_rank, json_request_feed, finish_rank};
