/* decoder_json.c - application/json, taken apart as it arrives. */
#include "api/decoder.h"
#include "api/reply.h"
#include "api/scan.h"
#include "api/stopwatch.h"

static bool begin_json(struct exchange *x)
{
    struct scan *scan = arena_new(&x->arena, struct scan, 1);

    if (!scan)
        return arena_fail(&x->arena, &x->error);
    scan_init(scan, &form_score, x);
    x->decoder = scan;
    return true;
}

static bool feed_json(struct exchange *x, const char *piece, size_t length)
{
    struct timespec watch = stopwatch_start();
    const bool good = scan_feed(x->decoder, piece, length);

    x->facts.parse_seconds += stopwatch_lap(&watch);
    return good;
}

static bool answer_json(struct exchange *x, struct text *reply)
{
    struct envelope *envelope;
    struct scores scores;
    struct timespec watch = stopwatch_start();
    bool good;

    envelope = scan_end(x->decoder);
    x->facts.parse_seconds += stopwatch_lap(&watch);
    good = envelope && score_request(&scores, envelope, x);
    x->facts.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    reply_write(reply, &scores);
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = stopwatch_lap(&watch);
    return true;
}

static void finish_json(struct exchange *x)
{
    struct text reply = {.arena = &x->arena};

    answer_json(x, &reply);
    exchange_reply(x, &reply);
}

const struct decoder decoder_json = {"application/json",
                                     "{'$ref':'#/components/schemas/ScoreRequest'}",
                                     "A request; what is not logits must fit --max-request-memory.",
                                     begin_json,
                                     feed_json,
                                     finish_json};
