/* decoder_json.c - application/json, taken apart as it arrives. */
#include "api/decoder.h"
#include "api/reply.h"
#include "api/scan.h"

#include <time.h>

static bool begin_json(struct exchange *x)
{
    struct scan *scan = arena_new(&x->arena, struct scan, 1);

    if (!scan)
        return arena_fail(&x->arena, &x->error);
    scan_init(scan, &form_score, x);
    x->decoder = scan;
    return true;
}

static double seconds_since(struct timespec *then)
{
    struct timespec now;
    double seconds;

    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
    *then = now;
    return seconds;
}

static bool feed_json(struct exchange *x, const char *piece, size_t length)
{
    struct timespec clock;
    bool good;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    good = scan_feed(x->decoder, piece, length);
    x->facts.parse_seconds += seconds_since(&clock);
    return good;
}

static bool answer_json(struct exchange *x, struct text *reply)
{
    struct envelope *envelope;
    struct scores scores;
    struct timespec clock;
    bool good;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    envelope = scan_end(x->decoder);
    x->facts.parse_seconds += seconds_since(&clock);
    good = envelope && score_request(&scores, envelope, x);
    x->facts.score_seconds = seconds_since(&clock);
    if (!good)
        return false;
    reply_write(reply, &scores);
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = seconds_since(&clock);
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
