/* json_body.c - what endpoints whose body is JSON have in common. */
#include "api/json_body.h"

#include "api/stopwatch.h"

struct scan *json_body_begin(struct exchange *x, const struct form *form)
{
    struct scan *scan = arena_new(&x->arena, struct scan, 1);

    if (!scan) {
        arena_fail(&x->arena, &x->error);
        return NULL;
    }
    scan_init(scan, form, x);
    return x->decoder = scan;
}

bool json_body_feed(struct exchange *x, const char *piece, size_t length)
{
    struct timespec watch = stopwatch_start();
    const bool good = scan_feed(x->decoder, piece, length);

    x->facts.parse_seconds += stopwatch_lap(&watch);
    return good;
}

struct envelope *json_body_end(struct exchange *x)
{
    struct timespec watch = stopwatch_start();
    struct envelope *envelope = scan_end(x->decoder);

    x->facts.parse_seconds += stopwatch_lap(&watch);
    return envelope;
}

void json_body_finish(struct exchange *x, json_answer_f *answer)
{
    struct text reply = {.arena = &x->arena};
    struct envelope *envelope = json_body_end(x);

    if (envelope)
        answer(x, envelope, &reply);
    exchange_reply(x, &reply);
}
