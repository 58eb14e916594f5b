/* output_lines.c - lines of batches, and errors in place of answers. */
#include "api/engines/output_lines.h"

#include <stdio.h>
#include <string.h>

/* The batches of OpenAI (also vLLM's run_batch, Mistral, Groq), Gemini and Bedrock. */
static const struct {
    const char *id, *answer, *body; /* `body`: a member of `answer`; NULL: none */
    const char *suffix, *suffix_body;
} lines[] = {
    {"custom_id", "response", "body", "/response", "/response/body"},
    {"key", "response", NULL, "/response", NULL},
    {"recordId", "modelOutput", NULL, "/modelOutput", NULL},
};

static bool is_told(const json_t *value)
{
    return value && !json_is_null(value) && !json_is_false(value)
           && !(json_is_string(value) && json_string_length(value) == 0);
}

bool output_line_read(const json_t *value, struct output_line *line)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const json_t *id = json_object_get(value, lines[i].id);
        json_t *answer = json_object_get(value, lines[i].answer);
        json_t *body = lines[i].body ? json_object_get(answer, lines[i].body) : NULL;

        if (!id || (!answer && !json_object_get(value, "error")))
            continue;
        *line = (struct output_line){
            .id = id,
            .member = lines[i].id,
            .answer = json_is_object(body ? body : answer) ? (body ? body : answer) : NULL,
            .suffix = body ? lines[i].suffix_body : lines[i].suffix,
            .status = json_integer_value(json_object_get(answer, "status_code"))};
        line->error = json_object_get(value, "error");
        if (!is_told(line->error))
            line->error = output_error_of(line->answer);
        return true;
    }
    return false;
}

const json_t *output_error_of(const json_t *value)
{
    static const char *const names[] = {"object", "type"};
    const json_t *error = json_object_get(value, "error");

    if (is_told(error))
        return error;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *what = json_string_value(json_object_get(value, names[i]));

        if (what && strcmp(what, "error") == 0)
            return value;
    }
    return NULL;
}

/* A member as a text: a string, or a number. */
static bool write_member(const json_t *error, const char *name, char *out, size_t size)
{
    const json_t *value = json_object_get(error, name);

    if (json_is_integer(value))
        snprintf(out, size, "%lld", (long long)json_integer_value(value));
    else
        snprintf(out, size, "%s", json_string_length(value) > 0 ? json_string_value(value) : "");
    return out[0] != '\0';
}

void output_error_write(const json_t *error, char *out, size_t size)
{
    char code[80], message[200];

    if (json_is_string(error)) {
        snprintf(out, size, "%s", json_string_value(error));
        return;
    }
    if (!write_member(error, "code", code, sizeof code))
        write_member(error, "type", code, sizeof code);
    write_member(error, "message", message, sizeof message);
    snprintf(out, size, "%s%s%s", code, code[0] && message[0] ? ": " : "", message);
    if (!out[0])
        snprintf(out, size, "it does not say which");
}
