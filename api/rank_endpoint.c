/* rank_endpoint.c - POST /v1/rank: its body is JSON, taken apart as it arrives. */
#include "api/decoder.h"
#include "api/rank.h"
#include "api/reply.h"
#include "api/scan.h"
#include "api/stopwatch.h"

static bool begin_rank(struct exchange *x)
{
    struct scan *scan;

    if (!decoder_takes_json(x))
        return false;
    scan = arena_new(&x->arena, struct scan, 1);
    if (!scan)
        return arena_fail(&x->arena, &x->error);
    scan_init(scan, &form_rank, x);
    x->decoder = scan;
    return true;
}

static bool feed_rank(struct exchange *x, const char *piece, size_t length)
{
    struct timespec watch = stopwatch_start();
    const bool good = scan_feed(x->decoder, piece, length);

    x->facts.parse_seconds += stopwatch_lap(&watch);
    return good;
}

static bool answer_rank(struct exchange *x, struct text *reply)
{
    struct timespec watch = stopwatch_start();
    struct envelope *envelope = scan_end(x->decoder);
    struct ranking ranking;
    struct scores scores;
    bool good;

    x->facts.parse_seconds += stopwatch_lap(&watch);
    good = envelope && score_request(&scores, envelope, x) && ranking_make(&ranking, &scores, x);
    x->facts.score_seconds = stopwatch_lap(&watch);
    if (!good || !ranking_write(reply, &ranking, x))
        return false;
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_rank(struct exchange *x)
{
    struct text reply = {.arena = &x->arena};

    answer_rank(x, &reply);
    exchange_reply(x, &reply);
}

const struct endpoint endpoint_rank = {begin_rank, feed_rank, finish_rank};
