/* sglang.c - SGLang's /generate: meta_info.input_token_logprobs and output_token_logprobs.
 *
 * Lists of [log-prob, id, text].  The input list begins at token "logprob_start_len"; its first
 * log-prob is null, since the token before it is not kept.  prompt_tokens gives that position:
 *
 *     prompt_tokens == logprob_start_len + len(input_token_logprobs)
 *
 * By default logprob_start_len is the end of the prompt, so there are only output tokens. */
#include "api/engines/engine_common.h"
#include "api/members/field.h"

#define INPUT "meta_info/input_token_logprobs"
#define OUTPUT "meta_info/output_token_logprobs"

static bool detect(json_t *response)
{
    return json_list(response, INPUT) || json_list(response, OUTPUT);
}

static void read_top(struct engine_answer *answer, struct engine_entry *entry, const json_t *top)
{
    struct rivals rivals = {0};

    for (size_t i = 0; i < json_array_size(top) && i < TOP_MAX; i++) {
        const json_t *other = json_array_get(top, i), *id = json_array_get(other, 1);

        rivals_add(&rivals, json_array_get(other, 0),
                   json_is_integer(id) && json_integer_value(id) == entry->id);
    }
    rivals_judge(answer, entry, &rivals);
}

static bool read_list(struct engine_answer *answer, const char *path, const char *top_path,
                      struct error *err)
{
    const json_t *list = json_list(answer->choice, path);
    const json_t *tops = json_list(answer->choice, top_path);
    const size_t place = engine_answer_list(answer, true, path, "0");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *triple = json_array_get(list, i);
        struct engine_entry *entry;

        if (!json_is_array(triple) || json_array_size(triple) < 2)
            return engine_answer_fail(answer, place, i, ERR_BAD_SHAPE, err,
                                      "must be in a list of log-probability, id and text");
        entry = engine_answer_add(answer, place, i, json_array_get(triple, 1),
                                  json_array_get(triple, 0), err);
        if (!entry)
            return false;
        read_top(answer, entry, json_array_get(tops, i));
    }
    return true;
}

static bool read(struct engine_answer *answer, struct error *err)
{
    const json_t *total = json_below(answer->choice, "meta_info/prompt_tokens");
    const size_t prompt = (size_t)json_integer_value(total);

    if (!detect(answer->choice))
        return engine_answer_lacks(answer, INPUT, err);
    if (!read_list(answer, INPUT, "meta_info/input_top_logprobs", err))
        return false;
    answer->prompt = answer->count;
    if (!json_is_integer(total) || json_integer_value(total) < 0)
        answer->start = answer->count > 0 ? 0 : START_UNKNOWN;
    else if (prompt < answer->count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%zu input_token_logprobs for %zu prompt_tokens", answer->count,
                                  prompt);
    else
        answer->start = prompt - answer->count;
    return read_list(answer, OUTPUT, "meta_info/output_top_logprobs", err);
}

const struct engine engine_sglang = {
    .name = "sglang",
    .help = "SGLang /generate: `meta_info.input_token_logprobs` and `output_token_logprobs`; also "
            "a list of answers.",
    .ask = "\"return_logprob\": true with \"logprob_start_len\": 0, or at the latest one before "
           "the first "
           "token that is scored, gives it",
    .detect = detect,
    .read = read,
};
