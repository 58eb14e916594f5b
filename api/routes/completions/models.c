/* models.c - GET /v1/models: clients of OpenAI's interface ask for it before anything else. */
#include "api/exchange/exchange.h"
#include "api/routes/completions/completions_endpoints.h"

/* There is no model here: a request may name any, and it is echoed. */
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
