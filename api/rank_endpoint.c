/* rank_endpoint.c - POST /v1/rank. */
#include "api/decoder.h"
#include "api/json_body.h"
#include "api/rank.h"
#include "api/reply.h"
#include "api/stopwatch.h"

static bool begin_rank(struct exchange *x)
{
    return decoder_takes_json(x) && json_body_begin(x, &form_rank);
}

static bool answer_rank(struct exchange *x, struct envelope *envelope, struct text *reply)
{
    struct timespec watch = stopwatch_start();
    struct ranking ranking;
    struct scores scores;
    const bool good = score_request(&scores, envelope, x) && ranking_make(&ranking, &scores, x);

    x->facts.score_seconds = stopwatch_lap(&watch);
    if (!good || !ranking_write(reply, &ranking, x))
        return false;
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_rank(struct exchange *x)
{
    json_body_finish(x, answer_rank);
}

const struct endpoint endpoint_rank = {begin_rank, json_body_feed, finish_rank};
