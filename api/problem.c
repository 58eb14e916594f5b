/* problem.c - errors as application/problem+json (RFC 9457). */
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

    return (status == 400 && code != ERR_BAD_REQUEST) || status == 422;
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
    text_puts(text, ",\"errors\":[");
    if (in_full && has_place(err->code)) {
        put(text, "{\"pointer\":", err->pointer);
        put(text, ",\"detail\":", err->detail);
        text_puts(text, "}");
    }
    text_puts(text, "]}\n");
}

void exchange_fail(struct exchange *x)
{
    struct text text = {.data = x->problem, .capacity = sizeof x->problem};

    if (x->error.code == ERR_NONE)
        error_set(&x->error, ERR_INTERNAL, "", "the request failed without a reason");
    put_problem(&text, x, true);
    if (text.failed) { /* long texts full of escapes */
        text = (struct text){.data = x->problem, .capacity = sizeof x->problem};
        put_problem(&text, x, false);
    }
    x->status = status_of(x->error.code);
    x->type = "application/problem+json";
    x->reply = x->problem;
    x->reply_length = text.length;
}
