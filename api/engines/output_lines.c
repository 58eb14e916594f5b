/* output_lines.c - lines of batches. */
#include "api/engines/output_lines.h"

#include "api/engines/output_error.h"

/* The batches of OpenAI (also vLLM's run_batch, Mistral, Groq), Gemini and Bedrock. */
static const struct {
    const char *id, *answer, *body; /* `body`: a member of `answer`; NULL: none */
    const char *suffix, *suffix_body;
} lines[] = {
    {"custom_id", "response", "body", "/response", "/response/body"},
    {"key", "response", NULL, "/response", NULL},
    {"recordId", "modelOutput", NULL, "/modelOutput", NULL},
};

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
        if (!output_error_is_told(line->error))
            line->error = output_error_of(body ? body : answer);
        return true;
    }
    return false;
}
