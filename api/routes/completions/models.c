/* models.c - GET /v1/models, which OpenAI's clients call first. */
#include "api/exchange/exchange.h"
#include "api/routes/completions/completions_endpoints.h"

/* There is no model here: the list has one entry, and a request may name any model. */
static void finish_models(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_puts(&text, "{\"object\":\"list\",\"data\":[{\"id\":\"logitd\",\"object\":\"model\","
                       "\"created\":");
    strbuf_integer(&text, x->request.time);
    strbuf_puts(&text, ",\"owned_by\":\"logitd\"}]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_models = {.finish = finish_models};
