/* page.c - the endpoint of the page. */
#include "api/routes/page/page_endpoint.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/base/version.h"
#include "api/exchange/exchange.h"
#include "api/exchange/reply_compress.h"
#include "api/exchange/wish.h"
#include "api/routes/page/assets.h"

#include <string.h>

#define ASSETS "/web/" /* the path of files that the page loads */

/* Scripts, styles and data come from here alone, and nothing is written in the document. */
#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "        \
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* ---- files ---- */

/* The entity tag of a file as it is sent: a coding is another representation (RFC 9110 8.8.3). */
static const char *tag_of(struct exchange *x, const struct asset *asset, bool packed)
{
    struct strbuf tag = {.arena = &x->arena};

    strbuf_printf(&tag, "\"%s%s\"", asset->hash, packed ? "-gzip" : "");
    return tag.failed ? NULL : tag.data;
}

/* Whether an If-None-Match (NULL: absent) has a tag, or is "*".  Tags have their quotes, so none is
 * a part of another. */
static bool is_known(const char *list, const char *tag)
{
    const size_t spaces = list ? strspn(list, " \t") : 0;

    return list && (strstr(list, tag) || (list[spaces] == '*' && !strchr(list, '"')));
}

static void reply_asset(struct exchange *x, const struct asset *asset)
{
    const bool packed = reply_compress_choose(x->request.accept_encoding) == REPLY_GZIP;
    const struct asset_bytes *bytes = packed ? &asset->packed : &asset->plain;
    struct reply *reply = &x->reply;

    reply->tag = tag_of(x, asset, packed);
    if (!reply->tag) {
        arena_fail(&x->arena, &x->error);
        exchange_fail(x);
        return;
    }
    reply->status = 200;
    reply->type = asset->type;
    reply->encoding = packed ? "gzip" : NULL;
    reply->varies = "Accept, Accept-Encoding";
    reply->policy = POLICY;
    reply->body = bytes->data;
    reply->length = bytes->length;
    if (is_known(x->request.if_none_match, reply->tag))
        reply->status = 304; /* which has no body: the length is that of the file */
}

static void reply_named(struct exchange *x, const char *name)
{
    struct asset asset;

    if (x->api->no_page)
        error_set(&x->error, ERR_NOT_FOUND, "",
                  "the page is turned off (--no-page); /openapi.json lists all routes");
    else if (!asset_find(name, &asset))
        error_set(&x->error, ERR_NOT_FOUND, "",
                  "the page has no such file; /openapi.json lists all routes");
    if (x->error.code == ERR_NONE)
        reply_asset(x, &asset);
    else
        exchange_fail(x);
}

/* ---- GET / ---- */

static void put_route(struct strbuf *text, const struct route *route)
{
    strbuf_puts(text, "{");
    put_string(text, "method", route->method);
    put_string(text, "path", route->path);
    put_string(text, "summary", route->summary);
    strbuf_puts(text, "}");
}

/* Whether a route would answer that the page is turned off: "/" still answers the index. */
static bool is_off(const struct exchange *x, const struct route *route)
{
    return x->api->no_page && route->endpoint == x->request.route->endpoint
           && strcmp(route->path, "/") != 0;
}

/* An index of links. */
static void reply_index(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};
    const char *separator = "";

    strbuf_puts(&text, "{");
    put_string(&text, "name", "logitd");
    put_string(&text, "version", LOGITD_VERSION);
    put_string(&text, "openapi", "/openapi.json");
    if (!x->api->no_page) {
        put_string(&text, "page", "/");
        put_string(&text, "docs", "/docs");
    }
    put_boolean(&text, "needs_key", x->api->needs_key);
    put_name(&text, "routes");
    strbuf_puts(&text, "[");
    for (const struct route *r = x->api->routes; r->path; r++) {
        if (!r->summary || is_off(x, r))
            continue;
        strbuf_puts(&text, separator);
        separator = ",";
        put_route(&text, r);
    }
    strbuf_puts(&text, "]}\n");
    exchange_reply(x, &text);
    x->reply.varies = "Accept";
}

/* A client that does not say that it likes JSON better gets the page. */
static void reply_home(struct exchange *x)
{
    if (wish_prefers(x->request.accept, "application/json", "text/html"))
        reply_index(x);
    else
        reply_named(x, "index.html");
}

/* ---- all of them ---- */

static void finish_page(struct exchange *x)
{
    const char *path = x->request.path;

    if (strcmp(path, "/") == 0)
        reply_home(x);
    else if (strcmp(path, "/docs") == 0)
        reply_named(x, "docs.html");
    else
        reply_named(x, path + strlen(ASSETS));
}

const struct endpoint endpoint_page = {.finish = finish_page};
