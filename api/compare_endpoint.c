/* compare_endpoint.c - POST /v1/compare: its body is JSON, taken apart as it arrives. */
#include "api/compare.h"
#include "api/decoder.h"
#include "api/reply.h"
#include "api/scan.h"
#include "api/stopwatch.h"

static bool begin_compare(struct exchange *x)
{
    struct scan *scan;

    if (!decoder_takes_json(x))
        return false;
    scan = arena_new(&x->arena, struct scan, 1);
    if (!scan)
        return arena_fail(&x->arena, &x->error);
    scan_init(scan, &form_compare, x);
    x->decoder = scan;
    return true;
}

static bool feed_compare(struct exchange *x, const char *piece, size_t length)
{
    struct timespec watch = stopwatch_start();
    const bool good = scan_feed(x->decoder, piece, length);

    x->facts.parse_seconds += stopwatch_lap(&watch);
    return good;
}

static bool answer_compare(struct exchange *x, struct text *reply)
{
    struct timespec watch = stopwatch_start();
    struct envelope *envelope = scan_end(x->decoder);
    struct duel duel;
    struct scores scores;
    bool good;

    x->facts.parse_seconds += stopwatch_lap(&watch);
    good = envelope && score_request(&scores, envelope, x) && duel_make(&duel, &scores, x);
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
    struct text reply = {.arena = &x->arena};

    answer_compare(x, &reply);
    exchange_reply(x, &reply);
}

const struct endpoint endpoint_compare = {begin_compare, feed_compare, finish_compare};
