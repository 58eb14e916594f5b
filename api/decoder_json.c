/* decoder_json.c - application/json, taken apart as it arrives. */
#include "api/answer.h"
#include "api/decoder.h"
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

static void finish_json(struct exchange *x)
{
    struct envelope *envelope;
    struct timespec watch = stopwatch_start();

    envelope = scan_end(x->decoder);
    x->facts.parse_seconds += stopwatch_lap(&watch);
    answer_request(x, envelope);
}

const struct decoder decoder_json = {"application/json",
                                     "{'$ref':'#/components/schemas/ScoreRequest'}",
                                     "A request; what is not logits must fit --max-request-memory.",
                                     begin_json,
                                     feed_json,
                                     finish_json};
