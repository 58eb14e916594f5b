/* rank_endpoint.c - POST /v1/rank. */
#include "api/body/json_body.h"
#include "api/exchange/stopwatch.h"
#include "api/routes/rank/rank.h"
#include "api/routes/score/decoder.h"
#include "api/score/score_reply.h"

static bool begin_rank(struct exchange *x)
{
    return decoder_takes_json(x) && json_body_begin(x, &schema_rank);
}

static bool answer_rank(struct exchange *x, struct envelope *envelope, struct strbuf *reply)
{
    struct timespec watch = stopwatch_start();
    struct ranking ranking;
    struct scores scores;
    const bool good = score_request(&scores, envelope, x) && ranking_make(&ranking, &scores, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good || !ranking_write(reply, &ranking, x))
        return false;
    reply_facts(&x->stats, &scores);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_rank(struct exchange *x)
{
    json_body_finish(x, answer_rank);
}

const struct endpoint endpoint_rank = {begin_rank, json_body_feed, finish_rank};
