/* problem.c - errors as the family of a route tells them: application/problem+json (RFC 9457), or
 * {"error":"text"}, or OpenAI's {"error":{"message","type","param","code"}}. */
#include "api/api.h"

#include "api/text.h"

#include <stdio.h>
#include <string.h>

static void put(struct text *text, const char *name, const char *value)
{
    text_puts(text, name);
    text_string(text, value, strlen(value));
}

/* Errors of the HTTP request itself have no place in a body. */
static bool has_place(enum error_code code)
{
    const unsigned status = status_of(code);

    return (status == 400 && code != ERR_BAD_REQUEST && code != ERR_BAD_ENCODING) || status == 422;
}

/* The sentence that stands alone: with the place in front, where there is one. */
static void put_detail(struct text *text, const struct error *err)
{
    char sentence[sizeof err->pointer + sizeof err->detail + sizeof ": "];

    snprintf(sentence, sizeof sentence, "%s%s%s", err->pointer, err->pointer[0] ? ": " : "",
             err->detail);
    text_string(text, sentence, strlen(sentence));
}

static void put_problem(struct text *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;
    const char *slug = error_slug(err->code);

    text_puts(text, "{\"type\":\"urn:logitd:error:");
    text_puts(text, slug);
    put(text, "\",\"title\":", error_title(err->code));
    text_puts(text, ",\"status\":");
    text_count(text, status_of(err->code));
    if (in_full) {
        text_puts(text, ",\"detail\":");
        put_detail(text, err);
    }
    put(text, ",\"code\":", slug);
    put(text, ",\"request_id\":", x->request_id ? x->request_id : "");
    if (x->line > 0) {
        text_puts(text, ",\"line\":");
        text_count(text, x->line);
    }
    text_puts(text, ",\"errors\":[");
    if (in_full && has_place(err->code)) {
        put(text, "{\"pointer\":", err->pointer);
        put(text, ",\"detail\":", err->detail);
        text_puts(text, "}");
    }
    text_puts(text, "]}\n");
}

static void put_error(struct text *text, const struct exchange *x, bool in_full)
{
    text_puts(text, "{\"error\":");
    if (in_full)
        put_detail(text, &x->error);
    else
        text_string(text, error_title(x->error.code), strlen(error_title(x->error.code)));
    text_puts(text, "}\n");
}

static const char *openai_type(enum error_code code)
{
    const unsigned status = status_of(code);

    return status >= 500   ? "server_error"
           : status == 429 ? "rate_limit_error"
                           : "invalid_request_error";
}

/* The member at fault: the first step of the pointer. */
static void put_param(struct text *text, const struct error *err)
{
    if (err->pointer[0] == '\0')
        text_puts(text, "null");
    else
        text_string(text, err->pointer + 1, strcspn(err->pointer + 1, "/"));
}

static void put_openai(struct text *text, const struct exchange *x, bool in_full)
{
    const struct error *err = &x->error;

    text_puts(text, "{\"error\":{\"message\":");
    if (in_full)
        put_detail(text, err);
    else
        text_string(text, error_title(err->code), strlen(error_title(err->code)));
    put(text, ",\"type\":", openai_type(err->code));
    text_puts(text, ",\"param\":");
    if (in_full)
        put_param(text, err);
    else
        text_puts(text, "null");
    put(text, ",\"code\":", error_slug(err->code));
    text_puts(text, "}}\n");
}

static const struct {
    const char *type;
    void (*put)(struct text *text, const struct exchange *x, bool in_full);
} families[FAMILY_COUNT] = {
    [FAMILY_NATIVE] = {"application/problem+json", put_problem},
    [FAMILY_OIP] = {"application/json", put_error},
    [FAMILY_OPENAI] = {"application/json", put_openai},
};

void exchange_fail(struct exchange *x)
{
    struct text text = {.data = x->problem, .capacity = sizeof x->problem};

    if (x->error.code == ERR_NONE)
        error_set(&x->error, ERR_INTERNAL, "", "the request failed without a reason");
    families[x->family].put(&text, x, true);
    if (text.failed) { /* long texts full of escapes */
        text = (struct text){.data = x->problem, .capacity = sizeof x->problem};
        families[x->family].put(&text, x, false);
    }
    x->status = status_in(x->family, x->error.code);
    x->type = families[x->family].type;
    x->reply = x->problem;
    x->reply_length = text.length;
}
