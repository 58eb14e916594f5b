/* version.c - GET /version. */
#include "api/base/version.h"
#include "api/base/json_writer.h"
#include "api/exchange/exchange.h"
#include "api/routes/about/about_endpoints.h"

static void finish_version(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_puts(&text, "{");
    put_string(&text, "name", "logitd");
    put_string(&text, "version", LOGITD_VERSION);
    put_string(&text, "kernel", x->api->kernel->name);
    strbuf_puts(&text, "}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_version = {.finish = finish_version};
