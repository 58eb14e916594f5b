/* token_arrays.c - a list of tokens as parallel arrays. */
#include "api/engines/token_arrays.h"

#include "api/base/arena_error.h"
#include "api/engines/token_top.h"

#include <stdio.h>
#include <string.h>

#define NUMBERS "token_logprobs"

/* The arrays of a list.  NULL: absent or empty. */
struct arrays {
    const json_t *numbers, *texts, *ids, *tops;
    size_t place, count;
    bool are_ids;  /* `tokens` holds ids */
    size_t widest; /* the most texts in one map of tops */
};

static const json_t *array_of(const json_t *object, const char *name)
{
    const json_t *array = json_list(object, name);

    return json_array_size(array) > 0 ? array : NULL;
}

/* All arrays must have as many elements as token_logprobs. */
static bool check_counts(struct engine_answer *answer, const struct token_source *list,
                         size_t count, struct error *err)
{
    static const char *const names[] = {"tokens", "token_ids", "top_logprobs", "text_offset"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *array = array_of(list->value, names[i]);

        if (array && json_array_size(array) != count)
            return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                      "%zu %s and %zu " NUMBERS " in %s", json_array_size(array),
                                      names[i], count, list->path);
    }
    return true;
}

static bool find(struct engine_answer *answer, const struct token_source *list,
                 struct arrays *arrays, struct error *err)
{
    const json_t *numbers = json_list(list->value, NUMBERS);
    char path[256];
    const char *copy;

    if (!numbers && json_object_get(list->value, "start_indices"))
        return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                  "%s has vLLM's flat form, which is not read: run it without "
                                  "VLLM_FLAT_LOGPROBS, or write the items of each position",
                                  list->path);
    if (!numbers)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                  "%s has no tokens: neither content nor refusal nor " NUMBERS
                                  " is a list; %s",
                                  list->path, answer->engine->ask);
    *arrays = (struct arrays){.numbers = numbers,
                              .texts = array_of(list->value, "tokens"),
                              .ids = array_of(list->value, "token_ids"),
                              .tops = array_of(list->value, "top_logprobs"),
                              .count = json_array_size(numbers)};
    arrays->are_ids = json_is_integer(json_array_get(arrays->texts, 0));
    snprintf(path, sizeof path, "%s/" NUMBERS, list->path);
    copy = arena_copy(answer->arena, path, strlen(path));
    if (!copy)
        return arena_fail(answer->arena, err);
    arrays->place = engine_answer_list(answer, list->of_choice, copy, NULL);
    return check_counts(answer, list, arrays->count, err);
}

/* The id of an element: in token_ids, in the list beside, or in `tokens` (as a text, too). */
static const json_t *id_of(const struct token_source *list, const struct arrays *arrays, size_t at)
{
    const json_t *id = json_array_get(arrays->ids, at);

    if (!id)
        id = token_source_id(list, at);
    return id ? id : json_array_get(arrays->texts, at);
}

/* Whether token_ids and the ids beside the list are the same. */
static bool check_ids(const struct engine_answer *answer, const struct token_source *list,
                      const struct arrays *arrays, size_t at, struct error *err)
{
    const json_t *id = json_array_get(arrays->ids, at), *beside = token_source_id(list, at);

    if (!json_is_integer(id) || !json_is_integer(beside)
        || json_integer_value(id) == json_integer_value(beside))
        return true;
    return engine_answer_fail(answer, arrays->place, at, ERR_OUTPUTS, err,
                              "the token's id is %lld in %s/token_ids and %lld in %s",
                              (long long)json_integer_value(id), list->path,
                              (long long)json_integer_value(beside), list->ids_path);
}

/* Different tokens with equal texts overwrite each other in a map from texts.  Warn if a map has
 * fewer texts than others of this list. */
static void notice_lost(struct engine_answer *answer, struct engine_entry *entry,
                        struct arrays *arrays)
{
    const size_t listed = json_object_size(entry->top);

    entry->alone = entry->greedy == ANSWER_YES && listed <= 1;
    if (listed > 0 && arrays->widest > listed + 1)
        engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
    if (listed > arrays->widest)
        arrays->widest = listed;
}

static bool read_one(struct engine_answer *answer, const struct token_source *list,
                     struct arrays *arrays, size_t at, struct error *err)
{
    const struct token token = {.text = json_array_get(arrays->texts, at)};
    struct engine_entry *entry =
        engine_answer_add(answer, arrays->place, at, id_of(list, arrays, at),
                          json_array_get(arrays->numbers, at), err);

    if (!entry || !check_ids(answer, list, arrays, at, err))
        return false;
    entry->said = token.text;
    entry->top = json_array_get(arrays->tops, at);
    if (!token_top_read(answer, entry, &token, entry->top, arrays->are_ids, err))
        return false;
    if (json_is_object(entry->top) && !arrays->are_ids)
        notice_lost(answer, entry, arrays);
    return true;
}

/* Whether the next token begins later than a text ends.  Offsets count characters or bytes, which
 * are the same for ASCII. */
static bool leaves_gap(const char *text, json_int_t width)
{
    for (const char *c = text; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            return false;
    return text && width > (json_int_t)strlen(text);
}

/* The offsets of texts must not fall, or elements were exchanged; a gap between them is a lost one.
 * In a joined answer each chunk may begin anew. */
static bool check_offsets(struct engine_answer *answer, const struct token_source *list,
                          const struct arrays *arrays, struct error *err)
{
    const json_t *offsets = array_of(list->value, "text_offset");
    const bool anew = answer->joined && json_integer_value(json_array_get(offsets, 0)) <= 0;
    json_int_t before = 0;

    for (size_t i = 0; i < json_array_size(offsets); i++) {
        const json_int_t offset = json_integer_value(json_array_get(offsets, i));

        if (i > 0 && offset < before && !(anew && offset <= 0))
            return engine_answer_fail(answer, arrays->place, i, ERR_OUTPUTS, err,
                                      "its text_offset is %lld, and the one before is %lld: the "
                                      "tokens are not in order",
                                      (long long)offset, (long long)before);
        if (i > 0
            && leaves_gap(json_string_value(json_array_get(arrays->texts, i - 1)), offset - before))
            engine_answer_notice(answer, WARNING_TEXT, arrays->place, i);
        before = offset;
    }
    return true;
}

bool token_arrays_read(struct engine_answer *answer, const struct token_source *list,
                       struct error *err)
{
    struct arrays arrays;

    if (!find(answer, list, &arrays, err) || !check_offsets(answer, list, &arrays, err))
        return false;
    for (size_t i = 0; i < arrays.count; i++)
        if (!read_one(answer, list, &arrays, i, err))
            return false;
    return true;
}

/* ---- beside other lists ---- */

static bool agrees(const struct engine_entry *entry, const json_t *number)
{
    double value;

    if (entry->state != ENTRY_KNOWN || !json_number(number, &value))
        return (entry->state == ENTRY_NULL) == (!number || json_is_null(number));
    return token_same_value(entry->log_prob, value);
}

static bool agree_at(struct engine_answer *answer, const struct token_source *list,
                     const struct arrays *arrays, size_t at, struct engine_entry *entry,
                     struct error *err)
{
    const json_t *id = json_array_get(arrays->ids, at);
    const int64_t told = json_is_integer(id) ? json_integer_value(id) : ENGINE_NO_ID;
    char here[NUMBER_MAX + 1], there[NUMBER_MAX + 1];

    if (!agrees(entry, json_array_get(arrays->numbers, at)))
        return engine_answer_fail(
            answer, arrays->place, at, ERR_OUTPUTS, err,
            "the log-probability is %s here, and %s in %s/content",
            number_text(json_number_value(json_array_get(arrays->numbers, at)), here),
            number_text(entry->log_prob, there), list->path);
    if (told != ENGINE_NO_ID && entry->id != ENGINE_NO_ID && told != entry->id)
        return engine_answer_fail(answer, arrays->place, at, ERR_OUTPUTS, err,
                                  "the token's id is %lld in %s/token_ids and %lld in %s/content",
                                  (long long)told, list->path, (long long)entry->id, list->path);
    if (told >= 0)
        entry->id = told;
    return true;
}

bool token_arrays_agree(struct engine_answer *answer, const struct token_source *list, size_t from,
                        struct error *err)
{
    struct arrays arrays;

    if (!find(answer, list, &arrays, err))
        return false;
    if (arrays.count != answer->count - from)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%zu " NUMBERS " and %zu tokens of content in %s", arrays.count,
                                  answer->count - from, list->path);
    for (size_t i = 0; i < arrays.count; i++)
        if (!agree_at(answer, list, &arrays, i, &answer->entry[from + i], err))
            return false;
    return true;
}
