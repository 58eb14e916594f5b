/* joined_names.c - how the members of chunks are joined, by their names. */
#include "api/engines/joined_names.h"

#include <string.h>

#define IN_ANSWER "message"
#define IN_CHUNK "delta"

const char *joined_name(const char *name)
{
    return strcmp(name, IN_CHUNK) == 0 ? IN_ANSWER : name;
}

const char *joined_name_in_chunk(const char *name, size_t length)
{
    return length == strlen(IN_ANSWER) && memcmp(name, IN_ANSWER, length) == 0 ? IN_CHUNK : NULL;
}

/* How members are joined that are not simply the last one. */
static const struct {
    const char *name;
    enum how how;
} rules[] = {
    {"choices", HOW_INDEXED},
    {"candidates", HOW_INDEXED},
    {"results", HOW_INDEXED},
    {"output", HOW_INDEXED},
    {"content", HOW_APPENDED},
    {"refusal", HOW_APPENDED},
    {"reasoning", HOW_APPENDED},
    {"reasoning_content", HOW_APPENDED},
    {"thinking", HOW_APPENDED},
    {"text", HOW_APPENDED},
    {"response", HOW_APPENDED},
    {"parts", HOW_APPENDED},
    {"generated_text", HOW_APPENDED},
    {"logprobs", HOW_APPENDED},
    {"tokens", HOW_APPENDED},
    {"token_logprobs", HOW_APPENDED},
    {"top_logprobs", HOW_APPENDED},
    {"text_offset", HOW_APPENDED},
    {"token_ids", HOW_APPENDED},
    {"top_tokens", HOW_APPENDED},
    {"completion_probabilities", HOW_APPENDED},
    {"chosenCandidates", HOW_APPENDED},
    {"topCandidates", HOW_APPENDED},
    {"chosen_candidates", HOW_APPENDED},
    {"top_candidates", HOW_APPENDED},
    {"input_tokens", HOW_APPENDED},
    {"generated_tokens", HOW_APPENDED},
    {"output_ids", HOW_APPENDED},
    {"output_token_logprobs", HOW_APPENDED},
    {"output_top_logprobs", HOW_APPENDED},
    {"output_token_ids_logprobs", HOW_APPENDED},
    {"input_token_count", HOW_MOST},
    {"avgLogprobs", HOW_DROPPED},
    {"avg_logprobs", HOW_DROPPED},
    {"logProbabilitySum", HOW_DROPPED},
    {"log_probability_sum", HOW_DROPPED},
};

enum how joined_how(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strlen(rules[i].name) == length && memcmp(rules[i].name, name, length) == 0)
            return rules[i].how;
    return HOW_LAST;
}

json_int_t joined_key(const json_t *element, size_t position)
{
    const json_t *index = json_object_get(element, "index");

    return json_is_integer(index) ? json_integer_value(index) : (json_int_t)position;
}
