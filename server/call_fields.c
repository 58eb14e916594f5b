/* call_fields.c - the header of a reply. */
#include "server/call.h"

#include "api/base/strbuf.h"
#include "api/exchange/body_decompress.h"
#include "api/routes/score/decoder.h"

#include <math.h>
#include <stdio.h>

/* Milliseconds, to the microsecond. */
static void put_timing(struct strbuf *text, const char *name, double seconds)
{
    strbuf_puts(text, name);
    strbuf_number(text, rint(seconds * 1e6) / 1e3);
}

static void add_timing(const struct call *call, call_field_f *add, void *context)
{
    const struct request_stats *f = &call->x.stats;
    char timing[128];
    struct strbuf text = {.data = timing, .capacity = sizeof timing - 1};

    put_timing(&text, "parse;dur=", f->parse_seconds);
    put_timing(&text, ", score;dur=", f->score_seconds);
    put_timing(&text, ", write;dur=", f->write_seconds);
    timing[text.length] = '\0';
    add(context, "Server-Timing", timing);
}

static void add_supported(call_field_f *add, void *context)
{
    char codings[128], types[256];

    coding_list(codings, sizeof codings);
    decoder_list(types, sizeof types);
    add(context, "Accept", types);
    add(context, "Accept-Encoding", codings);
}

static void add_retry(const struct call *call, call_field_f *add, void *context)
{
    char seconds[16];

    snprintf(seconds, sizeof seconds, "%u", call->retry > 0 ? call->retry : 1);
    add(context, "Retry-After", seconds);
}

static void add_by_error(const struct call *call, call_field_f *add, void *context)
{
    switch (call->x.reply.status) {
    case 401:
        add(context, "WWW-Authenticate", "Bearer");
        break;
    case 405:
        add(context, "Allow", call->allow);
        break;
    case 415:
        add_supported(add, context);
        break;
    case 429:
    case 503:
        add_retry(call, add, context);
        break;
    default:
        break;
    }
}

void call_fields(const struct call *call, call_field_f *add, void *context)
{
    if (call->x.reply.type && call->x.reply.status != 204)
        add(context, "Content-Type", call->x.reply.type);
    if (call->x.reply.encoding)
        add(context, "Content-Encoding", call->x.reply.encoding);
    if (call->x.reply.compressible)
        add(context, "Vary", "Accept-Encoding");
    add(context, "X-Request-Id", call->request_id);
    if (call->x.reply.inference_length > 0) {
        char length[24];

        snprintf(length, sizeof length, "%zu", call->x.reply.inference_length);
        add(context, "Inference-Header-Content-Length", length);
    }
    add(context, "Cache-Control", "no-store");
    add(context, "X-Content-Type-Options", "nosniff");
    if (call->close)
        add(context, "Connection", "close");
    if (call->x.reply.status == 204)
        add(context, "Allow", call->allow);
    else if (call->x.reply.status >= 400)
        add_by_error(call, add, context);
    else if (call->x.stats.sequences > 0)
        add_timing(call, add, context);
}
