/* exchange.c - the steps of one request. */
#include "api/exchange/exchange.h"

#include "api/base/arena_error.h"
#include "api/base/version.h"
#include "api/exchange/api.h"
#include "api/exchange/body_decompress.h"
#include "api/exchange/reply_compress.h"
#include "api/json/dom.h"

#include <stddef.h>
#include <string.h>

void api_start(void)
{
    dom_start();
}

void exchange_init(struct exchange *x, const struct api *api)
{
    memset(x, 0, offsetof(struct exchange, problem));
    x->api = api;
    x->request.content_length = REQUEST_LENGTH_UNKNOWN;
    arena_init(&x->arena, api->request_memory, api->budget);
    x->work.limit = api->max_work;
}

void exchange_release(struct exchange *x)
{
    arena_release(&x->arena);
}

/* A body of at most this size takes a few milliseconds, unless a member sets x->is_long. */
#define SHORT_BODY ((uint64_t)16 << 10)

bool exchange_begin(struct exchange *x)
{
    const struct endpoint *endpoint = x->request.route->endpoint;

    if (!endpoint->feed && x->api->operators)
        arena_init(&x->arena, x->api->operators->limit, x->api->operators);
    if (endpoint->feed && !body_decompress_begin(x))
        return false;
    if (x->decompress)
        x->request.content_length = REQUEST_LENGTH_UNKNOWN;
    x->is_long = endpoint->feed && x->request.content_length > SHORT_BODY;
    return !endpoint->begin || endpoint->begin(x);
}

bool exchange_feed(struct exchange *x, const char *chunk, size_t length)
{
    endpoint_feed_f *feed = x->request.route->endpoint->feed;
    bool good;

    if (!feed)
        return true;
    if (!x->decompress)
        return feed(x, chunk, length);
    good = body_decompress_feed(x->decompress, chunk, length, feed);
    x->stats.inflated = x->decompress->made;
    return good;
}

void exchange_finish(struct exchange *x)
{
    if (x->decompress && !body_decompress_end(x->decompress)) {
        exchange_fail(x);
        return;
    }
    x->request.route->endpoint->finish(x);
    if (x->reply.compressible)
        reply_compress(x);
}

void exchange_reply(struct exchange *x, const struct strbuf *text)
{
    x->stats.nans += text->nans;
    if (text->failed)
        arena_fail(&x->arena, &x->error);
    if (x->error.code != ERR_NONE) {
        exchange_fail(x);
        return;
    }
    x->reply.status = 200;
    x->reply.type = "application/json";
    x->reply.body = text->data;
    x->reply.length = text->length;
}
