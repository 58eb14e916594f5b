/* token_list.c - the reader of token lists, which all formats share. */
#include "api/engines/token_list.h"

#include "api/base/arena_error.h"
#include "api/engines/token_arrays.h"
#include "api/engines/token_map.h"
#include "api/engines/token_top.h"

#include <stdio.h>
#include <string.h>

/* Lists below an object, in the order in which their tokens were generated. */
static const char *const parts[] = {"reasoning_content", "reasoning", "content", "refusal"};

#define LAST_REASONING 1 /* index in `parts` */
#define PARTS (sizeof parts / sizeof *parts)

/* ---- ids ---- */

/* The id of element `at`, from the list beside it, or from the request. */
static int64_t told_id(struct engine_answer *answer, const struct token_source *list, size_t at)
{
    const json_t *id = token_source_id(list, at);
    size_t token;

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    if (!list->asked)
        return ENGINE_NO_ID;
    answer->by_asked = true;
    token = answer->count + list->asked_from;
    return token < answer->asked_count ? answer->asked[token] : ENGINE_NO_ID;
}

/* Give the last entry the id beside it, which must be the element's own if that has one. */
static bool settle_id(struct engine_answer *answer, const struct token_source *list, size_t at,
                      struct error *err)
{
    struct engine_entry *entry = &answer->entry[answer->count - 1];
    const json_t *beside = token_source_id(list, at);
    const int64_t id = json_is_integer(beside) ? json_integer_value(beside) : ENGINE_NO_ID;

    if (entry->id != ENGINE_NO_ID && id != ENGINE_NO_ID && entry->id != id)
        return engine_answer_fail(answer, entry->list, entry->at, ERR_OUTPUTS, err,
                                  "the token's id is %lld here and %lld in %s",
                                  (long long)entry->id, (long long)id, list->ids_path);
    if (id >= 0)
        entry->id = id;
    return true;
}

/* ---- elements ---- */

static bool refuse_twice(const struct engine_answer *answer, size_t place, size_t at,
                         const struct token *token, struct error *err)
{
    return engine_answer_fail(answer, place, at, ERR_OUTPUTS, err,
                              "%s and %s say different things of one token", token->twice[0],
                              token->twice[1]);
}

static bool refuse_probability(const struct engine_answer *answer, struct error *err)
{
    return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                              "it holds a probability (after sampling) where the model's "
                              "log-probability is needed: %s",
                              answer->engine->ask);
}

/* A rank tells whether the token is the argmax, unless the list beside it says otherwise. */
static void judge_rank(struct engine_answer *answer, struct engine_entry *entry, const json_t *rank)
{
    const enum answer greedy = json_integer_value(rank) == 1 ? ANSWER_YES : ANSWER_NO;

    if (!json_is_integer(rank) || json_integer_value(rank) < 1 || entry->state != ENTRY_KNOWN)
        return;
    if (entry->greedy != ANSWER_UNKNOWN && entry->greedy != greedy && !entry->alone)
        engine_answer_notice(answer, WARNING_RANK, entry->list, entry->at);
    else
        entry->greedy = greedy;
}

/* Append an object or a tuple. */
static bool read_token(struct engine_answer *answer, const struct token_source *list, size_t place,
                       size_t at, const json_t *element, const struct token *token,
                       struct error *err)
{
    struct engine_entry *entry;
    const json_t *top;

    if (token->name && place != NO_LIST)
        answer->lists[place].member = token->name;
    if (token->probability)
        return refuse_probability(answer, err);
    if (token->twice[0])
        return refuse_twice(answer, place, at, token, err);
    entry = engine_answer_add(answer, place, at, token->id ? token->id : token->text,
                              token->log_prob, err);
    if (!entry)
        return false;
    top = list->tops ? json_array_get(list->tops, at) : token->top;
    entry->said = element;
    entry->top = top;
    if (!settle_id(answer, list, at, err)
        || !token_top_read(answer, entry, token, top, list->ids != NULL, err))
        return false;
    judge_rank(answer, entry, token->rank);
    return true;
}

/* Append several tokens that stand in one element. */
static bool read_run(struct engine_answer *answer, size_t place, size_t at, const json_t *run,
                     struct error *err)
{
    const json_t *numbers = json_object_get(run, "logprobs"), *ids = json_list(run, "token_ids");
    const size_t count = json_array_size(numbers);

    if (!json_is_array(numbers))
        return engine_answer_fail(answer, place, at, ERR_OUTPUTS, err, "logprobs is %s: %s",
                                  numbers ? "null" : "not there", answer->engine->ask);
    if (ids && json_array_size(ids) != count)
        return engine_answer_fail(answer, place, at, ERR_BAD_COUNT, err,
                                  "%zu token_ids and %zu logprobs in one element",
                                  json_array_size(ids), count);
    for (size_t i = 0; i < count; i++)
        if (!engine_answer_add(answer, place, at, json_array_get(ids, i),
                               json_array_get(numbers, i), err))
            return false;
    return true;
}

/* Append a map, which must have the token whose id is told. */
static bool read_map(struct engine_answer *answer, const struct token_source *list, size_t place,
                     size_t at, const json_t *map, struct error *err)
{
    int64_t id = told_id(answer, list, at);

    if (list->generated && !token_source_id(list, at) && json_object_size(map) == 1)
        id = ENGINE_NO_ID; /* it is this one, and is compared with the request's later */
    return token_map_read(answer, place, at, map, id, true, err);
}

static bool read_element(struct engine_answer *answer, const struct token_source *list,
                         size_t place, size_t at, const json_t *element, struct error *err)
{
    struct token token;
    const enum token_form form = token_read(&token, element);

    if (form == TOKEN_MAP && place != NO_LIST)
        answer->lists[place].member = NULL;
    switch (form == TOKEN_NULL && !list->maps ? TOKEN_OTHER : form) {
    case TOKEN_OBJECT:
    case TOKEN_TUPLE:
        return read_token(answer, list, place, at, element, &token, err);
    case TOKEN_RUN:
        return read_run(answer, place, at, element, err);
    case TOKEN_MAP:
    case TOKEN_NULL:
        return read_map(answer, list, place, at, element, err);
    default:
        if (list->generated && list->ids && json_is_number(element))
            return engine_answer_add(answer, place, at, token_source_id(list, at), element, err)
                   != NULL;
        return engine_answer_fail(
            answer, place, at, ERR_BAD_SHAPE, err,
            "must be a token: an object with its log-probability, [log-"
            "probability, id], or a map from ids to log-probabilities; a number needs its "
            "id in a list beside it");
    }
}

/* The same as in token_arrays.c, for tokens that have offsets of their own. */
static bool check_order(const struct engine_answer *answer, size_t place, size_t at,
                        const json_t *list, struct error *err)
{
    const json_t *first = json_object_get(json_array_get(list, 0), "text_offset");
    const json_t *a = json_object_get(json_array_get(list, at - 1), "text_offset");
    const json_t *b = json_object_get(json_array_get(list, at), "text_offset");

    if (!json_is_integer(a) || !json_is_integer(b) || json_integer_value(a) <= json_integer_value(b)
        || (answer->joined && json_integer_value(first) <= 0 && json_integer_value(b) <= 0))
        return true;
    return engine_answer_fail(answer, place, at, ERR_OUTPUTS, err,
                              "its text_offset is %lld, and the one before is %lld: the tokens are "
                              "not in order",
                              (long long)json_integer_value(b), (long long)json_integer_value(a));
}

static bool read_array(struct engine_answer *answer, const struct token_source *list,
                       struct error *err)
{
    const size_t place = engine_answer_list(answer, list->of_choice, list->path, list->number);
    const size_t count = json_array_size(list->value);

    for (size_t i = 0; i < count; i++) {
        const json_t *element = json_array_get(list->value, i);

        if (!read_element(answer, list, place, i, element, err)
            || !check_order(answer, place, i, list->value, err))
            return false;
    }
    return true;
}

/* ---- objects ---- */

/* A list below an object, which has `from` tokens before it. */
static bool part_of(struct engine_answer *answer, const struct token_source *list, const char *name,
                    size_t from, struct token_source *part, struct error *err)
{
    char path[256];

    *part = *list;
    snprintf(path, sizeof path, "%s/%s", list->path, name);
    part->path = arena_copy(answer->arena, path, strlen(path));
    part->value = json_object_get(list->value, name);
    part->ids_skip += from;
    part->number = "logprob";
    part->maps = false;
    return part->path || arena_fail(answer->arena, err);
}

/* Read the lists below an object.  answer->reasoning is the number of tokens in the first one. */
static bool read_parts(struct engine_answer *answer, const struct token_source *list,
                       struct error *err)
{
    const size_t from = answer->count;
    struct token_source part;

    for (size_t i = 0; i < PARTS; i++) {
        if (!json_is_array(json_object_get(list->value, parts[i])))
            continue;
        if (!part_of(answer, list, parts[i], answer->count - from, &part, err)
            || !read_array(answer, &part, err))
            return false;
        if (i <= LAST_REASONING)
            answer->reasoning = answer->count - from;
    }
    return true;
}

static bool has_parts(const json_t *object)
{
    for (size_t i = 0; i < PARTS; i++)
        if (json_is_array(json_object_get(object, parts[i])))
            return true;
    return false;
}

bool token_list_read(struct engine_answer *answer, const struct token_source *list,
                     struct error *err)
{
    const size_t from = answer->count;

    if (json_is_array(list->value))
        return read_array(answer, list, err);
    if (!has_parts(list->value))
        return token_arrays_read(answer, list, err);
    return read_parts(answer, list, err)
           && (!json_is_array(json_object_get(list->value, "token_logprobs"))
               || token_arrays_agree(answer, list, from, err));
}

size_t token_list_count(const json_t *value)
{
    size_t count = 0;

    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            const json_t *run = json_object_get(json_array_get(value, i), "logprobs");

            count += json_is_array(run) ? json_array_size(run) : 1;
        }
        return count;
    }
    if (!has_parts(value))
        return json_array_size(json_object_get(value, "token_logprobs"));
    for (size_t i = 0; i < PARTS; i++)
        count += json_array_size(json_object_get(value, parts[i]));
    return count;
}
