/* models.c - GET /v1/models: clients of OpenAI's interface ask for it before anything else. */
#include "api/exchange.h"

/* There is no model here: a request may name any, and it is echoed. */
static void finish_models(struct exchange *x)
{
    struct text text = {.arena = &x->arena};

    text_puts(&text, "{\"object\":\"list\",\"data\":[{\"id\":\"logitd\",\"object\":\"model\","
                     "\"created\":");
    text_integer(&text, x->time);
    text_puts(&text, ",\"owned_by\":\"logitd\"}]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_models = {.finish = finish_models};
