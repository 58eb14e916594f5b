/* json_request.c - a JSON request with model outputs. */
#include "api/score/json_request.h"

#include "api/base/arena_error.h"
#include "api/exchange/stopwatch.h"
#include "api/score/bare_answer.h"

void json_request_init(struct json_request *request, const struct body_use *use,
                       const struct route_schema *schema, struct exchange *x)
{
    body_scanner_init(&request->scan, use, x);
    request->planner = (struct planner){.schema = schema, .body = &request->scan.body, .x = x};
    request->scan.route = &request->planner;
}

bool json_request_begin(struct exchange *x, const struct body_use *use,
                        const struct route_schema *schema)
{
    struct json_request *request = arena_new(&x->arena, struct json_request, 1);

    if (!request)
        return arena_fail(&x->arena, &x->error);
    json_request_init(request, use, schema, x);
    x->decoder = request;
    return true;
}

bool json_request_feed(struct exchange *x, const char *bytes, size_t length)
{
    struct json_request *request = x->decoder;
    struct timespec watch = stopwatch_start();
    const bool good =
        body_scanner_feed(&request->scan, bytes, length) || bare_answer_fail(&request->scan);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    return good;
}

struct planner *json_request_end(struct exchange *x)
{
    struct json_request *request = x->decoder;
    struct timespec watch = stopwatch_start();
    const bool good = body_scanner_end(&request->scan) ? bare_answer_take(&request->scan)
                                                       : bare_answer_fail(&request->scan);

    x->stats.parse_seconds += stopwatch_lap(&watch);
    return good ? &request->planner : NULL;
}

void json_request_finish(struct exchange *x, json_answer_f *answer)
{
    struct strbuf reply = {.arena = &x->arena};
    struct planner *planner = json_request_end(x);

    if (planner)
        answer(planner, &reply);
    exchange_reply(x, &reply);
}
