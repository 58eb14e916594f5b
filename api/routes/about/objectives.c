/* objectives.c - GET /v1/objectives. */
#include "core/objectives.h"

#include "api/base/json_writer.h"
#include "api/exchange/exchange.h"
#include "api/routes/about/about_endpoints.h"

static void put_objective(struct strbuf *text, const struct objective *objective)
{
    strbuf_puts(text, "{");
    put_string(text, "name", objective->name);
    put_string(text, "summary", objective->summary);
    put_string(text, "formula", objective->formula);
    put_string(text, "tokens", objective->tokens);
    put_boolean(text, "needs_split", objective->needs_split);
    strbuf_snippet(text, ",'inputs':['logits','logprobs'],'options':["
                         "{'name':'weights','inputs':['logits','logprobs']},"
                         "{'name':'temperature','inputs':['logits']},"
                         "{'name':'softcap','inputs':['logits']},"
                         "{'name':'label_smoothing','inputs':['logits']},"
                         "{'name':'smoothing','inputs':['logits']},"
                         "{'name':'z_loss','inputs':['logits']}]}");
}

static void finish_objectives(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_puts(&text, "{\"objectives\":[");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        strbuf_puts(&text, id > 0 ? "," : "");
        put_objective(&text, objective_at(id));
    }
    strbuf_puts(&text, "]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_objectives = {.finish = finish_objectives};
