/* output_error.c - an error of a server, which stands in place of an answer. */
#include "api/engines/output_error.h"

#include "api/engines/engine_value.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *const names[], const char *name)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names;
}

/* ---- how an error is known ---- */

bool output_error_is_told(const json_t *error)
{
    return error && !json_is_null(error) && !json_is_false(error)
           && !(json_is_string(error) && json_string_length(error) == 0);
}

/* A member that names an error: of the answer, or of its first choice (OpenRouter). */
static const json_t *named_error(const json_t *value)
{
    static const char *const paths[] = {"error", "choices/0/error", NULL};
    const json_t *error = NULL;

    for (size_t i = 0; paths[i] && !output_error_is_told(error); i++)
        error = json_below(value, paths[i]);
    return output_error_is_told(error) ? error : NULL;
}

/* An object with a member that says "error" (DJL and Cohere: the reason to stop). */
static const json_t *worded_error(const json_t *value)
{
    static const struct {
        const char *owner, *name; /* no owner: the value itself */
    } words[] = {
        {NULL, "object"},           {NULL, "type"},
        {NULL, "finish_reason"},    {"details", "finish_reason"},
        {"delta", "finish_reason"}, {"choices/0", "finish_reason"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const json_t *owner = words[i].owner ? json_below(value, words[i].owner) : value;
        const char *word = json_string_value(json_object_get(owner, words[i].name));

        if (word && strcasecmp(word, "error") == 0)
            return owner;
    }
    return NULL;
}

/* What Gemini says of a prompt that it does not answer. */
static const json_t *blocked(const json_t *value)
{
    const json_t *feedback = json_below(value, "prompt_feedback");

    return json_below(feedback, "block_reason") && !json_below(value, "candidates/0") ? feedback
                                                                                      : NULL;
}

/* What `detail` (FastAPI), `errors` (watsonx) or `message` (Cohere, Bedrock) tells.  NULL: no such
 * member has anything. */
static const json_t *saying(const json_t *value)
{
    static const char *const names[] = {"detail", "errors", NULL};

    for (size_t i = 0; names[i]; i++) {
        const json_t *said = json_object_get(value, names[i]);

        said = json_is_array(said) ? json_array_get(said, 0) : said;
        if (json_is_object(said) || json_string_length(said) > 0)
            return said;
    }
    return json_string_length(json_object_get(value, "message")) > 0
                   || json_string_length(json_object_get(value, "Message")) > 0
                   || json_is_string(json_object_get(value, "__type"))
               ? value
               : NULL;
}

/* An object that has nothing but what errors have. */
static const json_t *error_alone(const json_t *value)
{
    static const char *const names[] = {
        "detail",     "message",    "Message",     "errors",    "__type",   "type",
        "code",       "status",     "statusCode",  "title",     "instance", "trace",
        "id",         "request_id", "path",        "requestId", "param",    "success",
        "error_type", "timestamp",  "status_code", "object",    "error",    NULL};
    const char *name;
    const json_t *member;

    if (!saying(value))
        return NULL;
    json_object_foreach((json_t *)value, name, member)
    {
        if (!is_one_of(names, name))
            return NULL;
    }
    return saying(value);
}

/* A page, as a proxy answers when the server is down. */
static const char *html_of(const json_t *value)
{
    const char *text = json_string_value(value);

    text = text ? text + strspn(text, " \t\r\n") : "";
    return *text == '<' ? text : NULL;
}

const json_t *output_error_of(const json_t *value)
{
    const json_t *(*const finders[])(const json_t *) = {named_error, worded_error, blocked,
                                                        error_alone};
    const json_t *error = html_of(value) ? value : NULL;

    for (size_t i = 0; i < sizeof finders / sizeof *finders && !error; i++)
        error = finders[i](value);
    return error;
}

/* ---- what it says ---- */

/* The first of some members that is a text or a number, as a text. */
static void write_member(const json_t *error, const char *const names[], char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; names[i] && !out[0]; i++) {
        const json_t *value = json_below(error, names[i]);

        if (json_is_integer(value))
            snprintf(out, size, "%lld", (long long)json_integer_value(value));
        else if (json_string_length(value) > 0)
            snprintf(out, size, "%s", json_string_value(value));
    }
}

static void write_html(const char *html, char *out, size_t size)
{
    const char *title = strstr(html, "<title>");
    const char *says = title ? title + strlen("<title>") : html;

    snprintf(out, size, "a page of HTML: %.*s", title ? (int)strcspn(says, "<") : 60, says);
}

void output_error_write(const json_t *error, char *out, size_t size)
{
    static const char *const codes[] = {"code",   "type",         "__type",        "error_type",
                                        "status", "block_reason", "finish_reason", NULL};
    static const char *const messages[] = {"message", "Message", "msg", "block_reason_message",
                                           NULL};
    char code[80], message[200];

    if (html_of(error)) {
        write_html(html_of(error), out, size);
        return;
    }
    if (json_is_string(error)) {
        snprintf(out, size, "%s", json_string_value(error));
        return;
    }
    write_member(error, codes, code, sizeof code);
    write_member(error, messages, message, sizeof message);
    snprintf(out, size, "%s%s%s", code, code[0] && message[0] ? ": " : "", message);
    if (!out[0])
        snprintf(out, size, "it does not say which");
}
