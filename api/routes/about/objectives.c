/* objectives.c - GET /v1/objectives. */
#include "core/objectives.h"
#include "core/families.h"

#include "api/base/json_writer.h"
#include "api/exchange/exchange.h"
#include "api/members/parameter_check.h"
#include "api/routes/about/about_endpoints.h"
#include "api/routes/about/registries.h"

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

/* Write a parameter of an objective, with its range and default. */
static void put_use(struct strbuf *text, const struct parameter_use *use)
{
    const struct parameter_info *info = parameter_info(use->parameter);

    strbuf_puts(text, "{");
    put_string(text, "name", info->name);
    put_name(text, "schema");
    parameter_put_schema(text, info);
    if (!use->no_default) {
        put_name(text, "default");
        parameter_put_value(text, info, use->value);
    }
    strbuf_puts(text, "}");
}

static void put_member(struct strbuf *text, const struct family_objective *objective)
{
    strbuf_puts(text, "{");
    put_string(text, "name", objective->name);
    put_string(text, "summary", objective->summary);
    put_string(text, "formula", objective->formula);
    put_string(text, "inputs", objective->inputs);
    put_string(text, "source", objective->source);
    put_name(text, "parameters");
    strbuf_puts(text, "[");
    for (const struct parameter_use *use = objective->uses; use->parameter != PARAMETER_NONE;
         use++) {
        strbuf_puts(text, use == objective->uses ? "" : ",");
        put_use(text, use);
    }
    strbuf_puts(text, "]}");
}

static void put_family(struct strbuf *text, const struct family *family)
{
    put_name(text, family->name);
    strbuf_puts(text, "[");
    for (size_t i = 0; i < family->count; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        put_member(text, family->at(i));
    }
    strbuf_puts(text, "]");
}

static void finish_objectives(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_puts(&text, "{\"objectives\":[");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        strbuf_puts(&text, id > 0 ? "," : "");
        put_objective(&text, objective_at(id));
    }
    strbuf_puts(&text, "]");
    for (size_t i = 0; family_at(i); i++)
        put_family(&text, family_at(i));
    registries_put(&text);
    strbuf_puts(&text, "}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_objectives = {.finish = finish_objectives};
