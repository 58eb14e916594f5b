/* json_body.c - what endpoints whose body is JSON have in common. */
#include "api/body/json_body.h"

#include "api/base/arena_error.h"
#include "api/exchange/stopwatch.h"

struct body_scanner *json_body_begin(struct exchange *x, const struct route_schema *schema)
{
    struct body_scanner *scan = arena_new(&x->arena, struct body_scanner, 1);

    if (!scan) {
        arena_fail(&x->arena, &x->error);
        return NULL;
    }
    body_scanner_init(scan, schema, x);
    return x->decoder = scan;
}

bool json_body_feed(struct exchange *x, const char *chunk, size_t length)
{
    struct timespec watch = stopwatch_start();
    const bool good = body_scanner_feed(x->decoder, chunk, length);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    return good;
}

struct envelope *json_body_end(struct exchange *x)
{
    struct timespec watch = stopwatch_start();
    struct envelope *envelope = body_scanner_end(x->decoder);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    return envelope;
}

void json_body_finish(struct exchange *x, json_answer_f *answer)
{
    struct strbuf reply = {.arena = &x->arena};
    struct envelope *envelope = json_body_end(x);

    if (envelope)
        answer(x, envelope, &reply);
    exchange_reply(x, &reply);
}
