/* compare_endpoint.c - POST /v1/compare. */
#include "api/body/json_body.h"
#include "api/exchange/stopwatch.h"
#include "api/routes/compare/compare.h"
#include "api/routes/score/decoder.h"
#include "api/score/score_reply.h"

static bool begin_compare(struct exchange *x)
{
    return decoder_takes_json(x) && json_body_begin(x, &schema_compare);
}

static bool answer_compare(struct exchange *x, struct envelope *envelope, struct strbuf *reply)
{
    struct timespec watch = stopwatch_start();
    struct duel duel;
    struct scores scores;
    const bool good = score_request(&scores, envelope, x) && duel_make(&duel, &scores, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    duel_write(reply, &duel);
    reply_facts(&x->stats, &scores);
    x->stats.sequences = duel.count; /* and not once for each model */
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_compare(struct exchange *x)
{
    json_body_finish(x, answer_compare);
}

const struct endpoint endpoint_compare = {begin_compare, json_body_feed, finish_compare};
