/* error_reply.c - errors as the family of a route tells them: application/problem+json (RFC 9457),
 * or
 * {"error":"text"}, or OpenAI's {"error":{"message","type","param","code"}}. */
#include "api/base/strbuf.h"
#include "api/exchange/api.h"
#include "api/exchange/status.h"

#include <stdio.h>
#include <string.h>

static void put(struct strbuf *text, const char *name, const char *value)
{
    strbuf_puts(text, name);
    strbuf_string(text, value, strlen(value));
}

/* Errors of the HTTP request itself have no place in a body. */
static bool has_place(enum error_code code)
{
    const unsigned status = status_of(code);

    return (status == 400 && code != ERR_BAD_REQUEST && code != ERR_BAD_ENCODING) || status == 422;
}

/* The sentence that stands alone: with the place in front, where there is one. */
static void put_detail(struct strbuf *text, const struct error *err)
{
    char sentence[sizeof err->pointer + sizeof err->detail + sizeof ": "];

    snprintf(sentence, sizeof sentence, "%s%s%s", err->pointer, err->pointer[0] ? ": " : "",
             err->detail);
    strbuf_string(text, sentence, strlen(sentence));
}

static void put_problem(struct strbuf *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;
    const char *slug = error_slug(err->code);

    strbuf_puts(text, "{\"type\":\"urn:logitd:error:");
    strbuf_puts(text, slug);
    put(text, "\",\"title\":", error_title(err->code));
    strbuf_puts(text, ",\"status\":");
    strbuf_count(text, status_of(err->code));
    if (in_full) {
        strbuf_puts(text, ",\"detail\":");
        put_detail(text, err);
    }
    put(text, ",\"code\":", slug);
    put(text, ",\"request_id\":", x->request.id ? x->request.id : "");
    if (x->line > 0) {
        strbuf_puts(text, ",\"line\":");
        strbuf_count(text, x->line);
    }
    strbuf_puts(text, ",\"errors\":[");
    if (in_full && has_place(err->code)) {
        put(text, "{\"pointer\":", err->pointer);
        put(text, ",\"detail\":", err->detail);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "]}\n");
}

static void put_error(struct strbuf *text, const struct exchange *x, bool in_full)
{
    strbuf_puts(text, "{\"error\":");
    if (in_full)
        put_detail(text, &x->error);
    else
        strbuf_string(text, error_title(x->error.code), strlen(error_title(x->error.code)));
    strbuf_puts(text, "}\n");
}

static const char *openai_type(enum error_code code)
{
    const unsigned status = status_of(code);

    return status >= 500   ? "server_error"
           : status == 429 ? "rate_limit_error"
                           : "invalid_request_error";
}

/* The member at fault: the first step of the pointer. */
static void put_param(struct strbuf *text, const struct error *err)
{
    if (err->pointer[0] == '\0')
        strbuf_puts(text, "null");
    else
        strbuf_string(text, err->pointer + 1, strcspn(err->pointer + 1, "/"));
}

static void put_openai(struct strbuf *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;

    strbuf_puts(text, "{\"error\":{\"message\":");
    if (in_full)
        put_detail(text, err);
    else
        strbuf_string(text, error_title(err->code), strlen(error_title(err->code)));
    put(text, ",\"type\":", openai_type(err->code));
    strbuf_puts(text, ",\"param\":");
    if (in_full)
        put_param(text, err);
    else
        strbuf_puts(text, "null");
    put(text, ",\"code\":", error_slug(err->code));
    strbuf_puts(text, "}}\n");
}

static const struct {
    const char *type;
    void (*put)(struct strbuf *text, const struct exchange *x, bool in_full);
} families[STYLE_COUNT] = {
    [STYLE_NATIVE] = {"application/problem+json", put_problem},
    [STYLE_OIP] = {"application/json", put_error},
    [STYLE_OPENAI] = {"application/json", put_openai},
};

void exchange_fail(struct exchange *x)
{
    struct strbuf text = {.data = x->problem, .capacity = sizeof x->problem};

    if (x->error.code == ERR_NONE)
        error_set(&x->error, ERR_INTERNAL, "", "the request failed without a reason");
    families[x->request.style].put(&text, x, true);
    if (text.failed) { /* long texts full of escapes */
        text = (struct strbuf){.data = x->problem, .capacity = sizeof x->problem};
        families[x->request.style].put(&text, x, false);
    }
    x->reply.status = status_in(x->request.style, x->error.code);
    x->reply.type = families[x->request.style].type;
    x->reply.body = x->problem;
    x->reply.length = text.length;
}
