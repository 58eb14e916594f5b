/* exchange.c - the life of one request, and the endpoints that only talk about the service. */
#include "api/api.h"

#include "api/coding.h"
#include "api/dom.h"
#include "api/exchange.h"
#include "api/packing.h"

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
    x->content_length = EXCHANGE_LENGTH_UNKNOWN;
    arena_init(&x->arena, api->request_memory, api->budget);
    x->work.limit = api->max_work;
}

void exchange_release(struct exchange *x)
{
    arena_release(&x->arena);
}

/* A body of at most so many bytes is short: whatever it asks for, but for members that say so,
 * takes a few milliseconds. */
#define SHORT_BODY ((uint64_t)16 << 10)

bool exchange_begin(struct exchange *x)
{
    const struct endpoint *endpoint = x->route->endpoint;

    if (!endpoint->feed && x->api->operators)
        arena_init(&x->arena, x->api->operators->limit, x->api->operators);
    if (endpoint->feed && !inflation_begin(x))
        return false;
    if (x->inflation)
        x->content_length = EXCHANGE_LENGTH_UNKNOWN;
    x->is_long = endpoint->feed && x->content_length > SHORT_BODY;
    return !endpoint->begin || endpoint->begin(x);
}

bool exchange_feed(struct exchange *x, const char *piece, size_t length)
{
    endpoint_feed_f *feed = x->route->endpoint->feed;
    bool good;

    if (!feed)
        return true;
    if (!x->inflation)
        return feed(x, piece, length);
    good = inflation_feed(x->inflation, piece, length, feed);
    x->facts.inflated = x->inflation->made;
    return good;
}

void exchange_finish(struct exchange *x)
{
    if (x->inflation && !inflation_end(x->inflation)) {
        exchange_fail(x);
        return;
    }
    x->route->endpoint->finish(x);
    if (x->compressible)
        packing_reply(x);
}

void exchange_reply(struct exchange *x, const struct text *text)
{
    x->facts.nans += text->nans;
    if (text->failed)
        arena_fail(&x->arena, &x->error);
    if (x->error.code != ERR_NONE) {
        exchange_fail(x);
        return;
    }
    x->status = 200;
    x->type = "application/json";
    x->reply = text->data;
    x->reply_length = text->length;
}

static void put(struct text *text, const char *name, const char *value)
{
    text_puts(text, name);
    text_string(text, value, strlen(value));
}

static void finish_version(struct exchange *x)
{
    struct text text = {.arena = &x->arena};

    put(&text, "{\"name\":\"logitd\",\"version\":", API_VERSION);
    put(&text, ",\"kernel\":", x->api->kernel->name);
    text_puts(&text, "}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_version = {.finish = finish_version};

static void put_objective(struct text *text, const struct objective *objective)
{
    put(text, "{\"name\":", objective->name);
    put(text, ",\"summary\":", objective->summary);
    put(text, ",\"formula\":", objective->formula);
    put(text, ",\"tokens\":", objective->tokens);
    text_puts(text, ",\"needs_split\":");
    text_puts(text, objective->needs_split ? "true" : "false");
    text_puts(text, ",\"inputs\":[\"logits\",\"logprobs\"],\"options\":[");
    text_snippet(text, "{'name':'weights','inputs':['logits','logprobs']},"
                       "{'name':'temperature','inputs':['logits']},"
                       "{'name':'softcap','inputs':['logits']},"
                       "{'name':'label_smoothing','inputs':['logits']},"
                       "{'name':'smoothing','inputs':['logits']},"
                       "{'name':'z_loss','inputs':['logits']}]}");
}

static void finish_objectives(struct exchange *x)
{
    struct text text = {.arena = &x->arena};

    text_puts(&text, "{\"objectives\":[");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        text_puts(&text, id > 0 ? "," : "");
        put_objective(&text, objective_at(id));
    }
    text_puts(&text, "]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_objectives = {.finish = finish_objectives};
