/* error_reply.c - writes an error in the style of the route.
 *
 * The styles are application/problem+json (RFC 9457), {"error":"text"}, and OpenAI's
 * {"error":{"message","type","param","code"}}. */
#include "api/base/json_writer.h"
#include "api/exchange/api.h"
#include "api/exchange/status.h"

#include <stdio.h>
#include <string.h>

/* Whether an error may have a place in the body.  Errors of the HTTP request itself have none. */
static bool has_place(enum error_code code)
{
    const unsigned status = status_of(code);

    return (status == 400 && code != ERR_BAD_REQUEST && code != ERR_BAD_ENCODING) || status == 422;
}

/* Write the error as one sentence, with the place in front if there is one. */
static void put_detail(struct strbuf *text, const struct error *err)
{
    char sentence[sizeof err->pointer + sizeof err->detail + sizeof ": "];

    snprintf(sentence, sizeof sentence, "%s%s%s", err->pointer, err->pointer[0] ? ": " : "",
             err->detail);
    strbuf_quote(text, sentence);
}

/* Write the place of the error and its detail, as an object. */
static void put_place(struct strbuf *text, const struct error *err)
{
    strbuf_puts(text, "{");
    put_string(text, "pointer", err->pointer);
    put_string(text, "detail", err->detail);
    strbuf_puts(text, "}");
}

/* Write a problem document.  `in_full`: with the error's own texts, which may be too long. */
static void put_problem(struct strbuf *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;
    const char *slug = error_slug(err->code);

    strbuf_puts(text, "{\"type\":\"urn:logitd:error:");
    strbuf_puts(text, slug);
    strbuf_puts(text, "\"");
    put_string(text, "title", error_title(err->code));
    put_count(text, "status", status_of(err->code));
    if (in_full) {
        put_name(text, "detail");
        put_detail(text, err);
    }
    put_string(text, "code", slug);
    put_string(text, "request_id", x->request.id ? x->request.id : "");
    if (x->line > 0)
        put_count(text, "line", x->line);
    put_name(text, "errors");
    strbuf_puts(text, "[");
    if (in_full && has_place(err->code))
        put_place(text, err);
    strbuf_puts(text, "]}\n");
}

static void put_message(struct strbuf *text, const struct error *err, bool in_full)
{
    if (in_full)
        put_detail(text, err);
    else
        strbuf_quote(text, error_title(err->code));
}

static void put_error(struct strbuf *text, const struct exchange *x, bool in_full)
{
    strbuf_puts(text, "{");
    put_name(text, "error");
    put_message(text, &x->error, in_full);
    strbuf_puts(text, "}\n");
}

static const char *openai_type(enum error_code code)
{
    const unsigned status = status_of(code);

    return status >= 500   ? "server_error"
           : status == 429 ? "rate_limit_error"
                           : "invalid_request_error";
}

/* Write the member that is wrong: the first step of the pointer. */
static void put_param(struct strbuf *text, const struct error *err, bool in_full)
{
    put_name(text, "param");
    if (!in_full || err->pointer[0] == '\0')
        strbuf_puts(text, "null");
    else
        strbuf_string(text, err->pointer + 1, strcspn(err->pointer + 1, "/"));
}

static void put_openai(struct strbuf *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;

    strbuf_puts(text, "{\"error\":{");
    put_name(text, "message");
    put_message(text, err, in_full);
    put_string(text, "type", openai_type(err->code));
    put_param(text, err, in_full);
    put_string(text, "code", error_slug(err->code));
    strbuf_puts(text, "}}\n");
}

static const struct {
    const char *type;
    void (*put)(struct strbuf *text, const struct exchange *x, bool in_full);
} styles[STYLE_COUNT] = {
    [STYLE_NATIVE] = {"application/problem+json", put_problem},
    [STYLE_OIP] = {"application/json", put_error},
    [STYLE_OPENAI] = {"application/json", put_openai},
};

void exchange_fail(struct exchange *x)
{
    struct strbuf text = {.data = x->problem, .capacity = sizeof x->problem};

    if (x->error.code == ERR_NONE)
        error_set(&x->error, ERR_INTERNAL, "", "the request failed without a reason");
    styles[x->request.style].put(&text, x, true);
    if (text.failed) { /* the texts are too long when escaped */
        text = (struct strbuf){.data = x->problem, .capacity = sizeof x->problem};
        styles[x->request.style].put(&text, x, false);
    }
    x->reply.status = status_in(x->request.style, x->error.code);
    x->reply.type = styles[x->request.style].type;
    x->reply.body = x->problem;
    x->reply.length = text.length;
}
