/* compare_endpoint.c - POST /v1/compare. */
#include "api/compare.h"
#include "api/decoder.h"
#include "api/json_body.h"
#include "api/reply.h"
#include "api/stopwatch.h"

static bool begin_compare(struct exchange *x)
{
    return decoder_takes_json(x) && json_body_begin(x, &form_compare);
}

static bool answer_compare(struct exchange *x, struct envelope *envelope, struct text *reply)
{
    struct timespec watch = stopwatch_start();
    struct duel duel;
    struct scores scores;
    const bool good = score_request(&scores, envelope, x) && duel_make(&duel, &scores, x);

    x->facts.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    duel_write(reply, &duel);
    reply_facts(&x->facts, &scores);
    x->facts.sequences = duel.count; /* and not once for each model */
    x->facts.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_compare(struct exchange *x)
{
    json_body_finish(x, answer_compare);
}

const struct endpoint endpoint_compare = {begin_compare, json_body_feed, finish_compare};
