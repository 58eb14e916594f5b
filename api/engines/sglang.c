/* sglang.c - SGLang's /generate: meta_info.input_token_logprobs and output_token_logprobs.
 *
 * Lists of [log-prob, id, text].  Those of the input begin at token "logprob_start_len", whose
 * log-prob is null (nothing is kept of the one before it), and prompt_tokens tells where that was:
 *
 *     prompt_tokens == logprob_start_len + len(input_token_logprobs)
 *
 * By default it is the end of the prompt: there are those of the output only. */
#include "api/engines/engine.h"

#define INPUT "meta_info/input_token_logprobs"
#define OUTPUT "meta_info/output_token_logprobs"

bool detect_sglang(json_t *response)
{
    return json_list(response, INPUT) || json_list(response, OUTPUT);
}

static void read_top(struct engine_answer *reading, struct engine_entry *entry, const json_t *top)
{
    struct rivals rivals = {0};

    for (size_t i = 0; i < json_array_size(top) && i < TOP_MAX; i++) {
        const json_t *other = json_array_get(top, i), *id = json_array_get(other, 1);

        rivals_add(&rivals, json_array_get(other, 0),
                   json_is_integer(id) && json_integer_value(id) == entry->id);
    }
    rivals_judge(reading, entry, &rivals);
}

static bool read_list(struct engine_answer *reading, const char *path, const char *top_path)
{
    const json_t *list = json_list(reading->choice, path);
    const json_t *tops = json_list(reading->choice, top_path);
    const size_t place = engine_answer_list(reading, true, path, "0");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *triple = json_array_get(list, i);
        struct engine_entry *entry;

        if (!json_is_array(triple) || json_array_size(triple) < 2)
            return engine_answer_fail(reading, place, i, ERR_BAD_SHAPE,
                                      "must be in a list of log-probability, id and text");
        entry = engine_answer_add(reading, place, i, json_array_get(triple, 1),
                                  json_array_get(triple, 0));
        if (!entry)
            return false;
        read_top(reading, entry, json_array_get(tops, i));
    }
    return true;
}

bool read_sglang(struct engine_answer *reading)
{
    const json_t *total = json_below(reading->choice, "meta_info/prompt_tokens");
    const size_t prompt = (size_t)json_integer_value(total);

    if (!detect_sglang(reading->choice))
        return engine_answer_lacks(reading, INPUT);
    if (!read_list(reading, INPUT, "meta_info/input_top_logprobs"))
        return false;
    reading->prompt = reading->count;
    if (!json_is_integer(total) || json_integer_value(total) < 0)
        reading->start = reading->count > 0 ? 0 : START_UNKNOWN;
    else if (prompt < reading->count)
        return engine_answer_fail(reading, NO_LIST, 0, ERR_BAD_COUNT,
                                  "%zu input_token_logprobs for %zu prompt_tokens", reading->count,
                                  prompt);
    else
        reading->start = prompt - reading->count;
    return read_list(reading, OUTPUT, "meta_info/output_top_logprobs");
}
