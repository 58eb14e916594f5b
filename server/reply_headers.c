/* reply_headers.c - the header fields of a reply. */
#include "server/reply_headers.h"

#include "api/base/strbuf.h"
#include "api/exchange/content_codings.h"
#include "api/routes/score/decoders.h"

#include <math.h>
#include <stdio.h>

/* Milliseconds, to the microsecond. */
static void put_timing(struct strbuf *text, const char *name, double seconds)
{
    strbuf_puts(text, name);
    strbuf_number(text, rint(seconds * 1e6) / 1e3);
}

static void add_timing(const struct exchange *x, reply_header_f *add, void *context)
{
    const struct request_stats *f = &x->stats;
    char timing[128];
    struct strbuf text = {.data = timing, .capacity = sizeof timing - 1};

    put_timing(&text, "parse;dur=", f->parse_seconds);
    put_timing(&text, ", score;dur=", f->score_seconds);
    put_timing(&text, ", write;dur=", f->write_seconds);
    timing[text.length] = '\0';
    add(context, "Server-Timing", timing);
}

static void add_supported(reply_header_f *add, void *context)
{
    char codings[128], types[256];

    coding_list(codings, sizeof codings);
    decoder_list(types, sizeof types);
    add(context, "Accept", types);
    add(context, "Accept-Encoding", codings);
}

static void add_retry(const struct reply_headers *reply, reply_header_f *add, void *context)
{
    char seconds[16];

    snprintf(seconds, sizeof seconds, "%u", reply->retry_after > 0 ? reply->retry_after : 1);
    add(context, "Retry-After", seconds);
}

static void add_by_error(const struct reply_headers *reply, reply_header_f *add, void *context)
{
    switch (reply->x->reply.status) {
    case 401:
        add(context, "WWW-Authenticate", "Bearer");
        break;
    case 405:
        add(context, "Allow", reply->allow);
        break;
    case 415:
        add_supported(add, context);
        break;
    case 429:
    case 503:
        add_retry(reply, add, context);
        break;
    default:
        break;
    }
}

static void add_length(const struct exchange *x, reply_header_f *add, void *context)
{
    char length[24];

    if (x->reply.inference_length == 0)
        return;
    snprintf(length, sizeof length, "%zu", x->reply.inference_length);
    add(context, "Inference-Header-Content-Length", length);
}

static void add_content(const struct exchange *x, reply_header_f *add, void *context)
{
    if (x->reply.type && x->reply.status != 204 && x->reply.status != 304)
        add(context, "Content-Type", x->reply.type);
    if (x->reply.encoding && x->reply.status != 304)
        add(context, "Content-Encoding", x->reply.encoding);
    if (x->reply.varies || x->reply.compressible)
        add(context, "Vary", x->reply.varies ? x->reply.varies : "Accept-Encoding");
}

/* A reply with a tag may be kept, but must be asked for each time. */
static void add_keeping(const struct exchange *x, reply_header_f *add, void *context)
{
    add(context, "Cache-Control", x->reply.tag ? "no-cache" : "no-store");
    if (x->reply.tag)
        add(context, "ETag", x->reply.tag);
}

static void add_policy(const struct exchange *x, reply_header_f *add, void *context)
{
    add(context, "X-Content-Type-Options", "nosniff");
    if (!x->reply.policy)
        return;
    add(context, "Content-Security-Policy", x->reply.policy);
    add(context, "Referrer-Policy", "no-referrer");
}

void reply_headers_add(const struct reply_headers *reply, reply_header_f *add, void *context)
{
    const struct exchange *x = reply->x;

    add_content(x, add, context);
    add(context, "X-Request-Id", x->request.id);
    add_length(x, add, context);
    add_keeping(x, add, context);
    add_policy(x, add, context);
    if (reply->close)
        add(context, "Connection", "close");
    if (x->reply.status == 204)
        add(context, "Allow", reply->allow);
    else if (x->reply.status >= 400)
        add_by_error(reply, add, context);
    else if (x->stats.sequences > 0)
        add_timing(x, add, context);
}
