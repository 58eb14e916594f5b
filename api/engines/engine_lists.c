/* engine_lists.c - reads an answer by the row of its format. */
#include "api/engines/engine_lists.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_echo.h"
#include "api/engines/engine_text.h"
#include "api/engines/engine_told.h"
#include "api/engines/engine_whole.h"
#include "api/engines/token_list.h"

#include <stdio.h>
#include <string.h>

/* A list that was found. */
struct found {
    const struct token_place *place;
    const json_t *value; /* NULL: none */
    bool of_choice;
};

static bool is_list(const json_t *value)
{
    return json_is_array(value) ? json_array_size(value) > 0 : json_is_object(value);
}

static bool find_list(void *context, const json_t *value, const char *path)
{
    (void)path;
    if (!is_list(value))
        return true;
    *(const json_t **)context = value;
    return false;
}

/* The first list at a path with a star.  NULL: none. */
static const json_t *list_below(const json_t *object, const char *path)
{
    const json_t *list = NULL;

    json_each(object, path, find_list, &list);
    return list;
}

/* Find the first list of some places.  Two of them with tokens are one too many. */
static bool find(const struct engine_answer *answer, const struct token_place *places,
                 struct found *found, struct error *err)
{
    *found = (struct found){0};
    for (size_t i = 0; i < TOKEN_PLACES && places[i].path; i++) {
        const json_t *value = list_below(answer->choice, places[i].path);
        const bool of_choice = value != NULL;

        value = value ? value : list_below(answer->response, places[i].path);
        if (!value)
            continue;
        if (found->value)
            return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                      "%s and %s are two lists of the same tokens",
                                      found->place->path, places[i].path);
        *found = (struct found){&places[i], value, of_choice};
    }
    return true;
}

static struct token_source source_of(const struct engine_answer *answer, const struct found *found)
{
    return (struct token_source){.value = found->value,
                                 .of_choice = found->of_choice,
                                 .path = found->place->path,
                                 .ids = engine_answer_array(answer, found->place->ids, NULL),
                                 .ids_path = found->place->ids,
                                 .number = found->place->number,
                                 .maps = found->place->maps,
                                 .tops = engine_answer_array(answer, found->place->tops, NULL)};
}

/* ---- lists ---- */

struct visit {
    struct engine_answer *answer;
    struct token_source source;
    size_t prompt; /* told tokens of the prompt, which the list may begin with */
    struct error *err;
};

static bool read_list(void *context, const json_t *value, const char *path)
{
    struct visit *visit = context;
    struct engine_answer *answer = visit->answer;
    struct token_source source = visit->source;
    const size_t ids = json_array_size(source.ids), count = token_list_count(value);

    if (json_is_null(value))
        return true;
    source.path = arena_copy(answer->arena, path, strlen(path));
    if (!source.path)
        return arena_fail(answer->arena, visit->err);
    source.value = value;
    if (source.tops && json_array_size(source.tops) != count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, visit->err,
                                  "%zu tokens are listed in %s, and %zu lists of the most likely "
                                  "tokens beside them",
                                  count, path, json_array_size(source.tops));
    if (ids > 0 && count > ids) /* the list begins with the prompt */
        source.ids_from = visit->prompt != START_UNKNOWN ? visit->prompt : count - ids;
    return token_list_read(answer, &source, visit->err);
}

/* The token of the request at which `count` generated tokens begin, if there is no list of the
 * prompt. START_UNKNOWN: nothing tells. */
static size_t generated_from(const struct engine_answer *answer, const struct engine_told *told,
                             size_t count)
{
    if (told->prompt != START_UNKNOWN && !engine_told_chat(answer))
        return told->prompt;
    return count <= answer->asked_count ? answer->asked_count - count : answer->asked_count;
}

/* Read a list that was found. */
static bool read_found(struct engine_answer *answer, const struct engine_told *told,
                       const struct found *found, bool is_generated, struct error *err)
{
    struct visit visit = {answer, source_of(answer, found), told->prompt, err};

    visit.source.asked = true;
    visit.source.generated = is_generated;
    if (is_generated && answer->prompt == 0)
        visit.source.asked_from = generated_from(answer, told, token_list_count(found->value));
    return json_each(found->of_choice ? answer->choice : answer->response, found->place->path,
                     read_list, &visit);
}

/* ---- the prompt ---- */

/* Where the prompt list begins, and whether it is as long as the engine's count. */
static bool place_prompt(struct engine_answer *answer, const struct engine_told *told,
                         struct error *err)
{
    answer->start = 0;
    if (told->prompt == START_UNKNOWN && answer->engine->traits & ENGINE_LATE)
        engine_answer_notice(answer, WARNING_START_UNTOLD, answer->entry[0].list, 0);
    if (told->prompt == START_UNKNOWN || answer->count == told->prompt)
        return true;
    if (answer->engine->traits & ENGINE_LATE && answer->count < told->prompt) {
        answer->start = told->prompt - answer->count;
        return true;
    }
    return engine_answer_fail(
        answer, NO_LIST, 0, ERR_BAD_COUNT, err,
        "%zu tokens are listed as the prompt, and %s is %zu: the answer is not "
        "whole",
        answer->count, told->prompt_name, told->prompt);
}

static bool read_prompt(struct engine_answer *answer, const struct engine_told *told,
                        const struct found *found, struct error *err)
{
    if (!found->value)
        return true;
    if (!read_found(answer, told, found, false, err))
        return false;
    answer->prompt = answer->count;
    return place_prompt(answer, told, err);
}

/* ---- generated tokens ---- */

/* Drop the tokens of reasoning, unless the count says that they were generated beside the content.
 */
static void settle_reasoning(struct engine_answer *answer, const struct engine_told *told,
                             size_t from)
{
    const size_t count = answer->reasoning, listed = answer->count - from;
    struct engine_entry *first;

    if (listed == 0)
        return;
    first = &answer->entry[from];
    if (count == 0 && told->has_reasoning && told->generated == START_UNKNOWN)
        engine_answer_notice(answer, WARNING_LEFT_OUT, first->list, first->at);
    if (count == 0 || count == listed
        || (told->generated != START_UNKNOWN && told->generated != listed - count))
        return;
    engine_answer_notice_many(answer, WARNING_LEFT_OUT, count, first->list, first->at);
    memmove(first, first + count, (listed - count) * sizeof *first);
    answer->count -= count;
}

/* Give the tokens of the prompt in an echo their ids. */
static bool tell_prompt_ids(struct engine_answer *answer, struct error *err)
{
    const char *path = answer->engine->prompt[0].ids;
    const json_t *ids = engine_answer_array(answer, path, NULL);

    for (size_t i = 0; i < answer->prompt && ids; i++) {
        struct engine_entry *entry = &answer->entry[i];
        const json_t *value = json_array_get(ids, i);
        const int64_t id = json_is_integer(value) ? json_integer_value(value) : ENGINE_NO_ID;

        if (entry->id != ENGINE_NO_ID && id != ENGINE_NO_ID && entry->id != id)
            return engine_answer_fail(answer, entry->list, entry->at, ERR_OUTPUTS, err,
                                      "the token's id is %lld here and %lld in %s",
                                      (long long)entry->id, (long long)id, path);
        if (id >= 0)
            entry->id = id;
    }
    return true;
}

/* Find out where a list that may repeat the prompt has its generated tokens. */
static bool settle_echo(struct engine_answer *answer, const struct engine_told *told, size_t from,
                        struct error *err)
{
    size_t prompt;

    if (!(answer->engine->traits & ENGINE_ECHOES))
        return true;
    if (!engine_echo_split(answer, told, from, &prompt, err))
        return false;
    if (prompt > 0) {
        answer->start = 0;
        answer->prompt = prompt;
        return tell_prompt_ids(answer, err);
    }
    return true;
}

static size_t sums_from(const struct engine_answer *answer)
{
    return answer->engine->traits & ENGINE_SUMS_ALL ? 0 : answer->prompt;
}

static bool read_generated(struct engine_answer *answer, const struct engine_told *told,
                           struct found *found, struct error *err)
{
    const size_t from = answer->count;
    const bool repeated = from > 0;

    if (!found->value)
        return true;
    if (!read_found(answer, told, found, true, err))
        return false;
    if (answer->count == from) {
        found->value = NULL; /* a list without tokens is none */
        return true;
    }
    settle_reasoning(answer, told, from);
    if (!settle_echo(answer, told, from, err))
        return false;
    if (repeated && answer->count == from && told->generated <= 1)
        return true; /* the prompt alone, a second time */
    if (!repeated && answer->prompt > 0)
        return engine_told_sums(answer, sums_from(answer), err); /* the counts told where it ends */
    return engine_told_check(answer, told, answer->count - answer->prompt, err)
           && engine_told_sums(answer, sums_from(answer), err);
}

/* ---- the whole ---- */

static bool has_known(const struct engine_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->entry[i].state != ENTRY_NULL)
            return true;
    return false;
}

#define CERTAIN (-1e-3) /* a token may repeat the one before it if it is nearly certain */

/* Warn of tokens that repeat the one before them in every digit: chunks or entries may have been
 * doubled, which no count tells. */
static void notice_repeated(struct engine_answer *answer)
{
    for (size_t i = 1; i < answer->count; i++) {
        const struct engine_entry *a = &answer->entry[i - 1], *b = &answer->entry[i];

        if (a->state == ENTRY_KNOWN && b->state == ENTRY_KNOWN && b->log_prob < CERTAIN
            && b->log_prob == a->log_prob
            && ((a->id == b->id && a->id != ENGINE_NO_ID)
                || (a->said && b->said && json_equal(a->said, b->said))))
            engine_answer_notice(answer, WARNING_REPEATED, b->list, b->at);
    }
}

/* What the member of a list is, in place of a list. */
static const char *state_of(const struct engine_answer *answer, const char *path)
{
    const json_t *value = json_below(answer->choice, path);

    value = value ? value : json_below(answer->response, path);
    if (!value || json_is_null(value))
        return value ? "null" : "not there";
    return json_is_array(value) || json_is_object(value) ? "empty" : "no list of tokens";
}

/* Name what is missing, and the setting that gives it. */
static bool lacks(const struct engine_answer *answer, struct error *err)
{
    const struct engine *engine = answer->engine;
    const struct engine_entry *last = answer->count > 0 ? &answer->entry[answer->count - 1] : NULL;
    const char *prompt = engine->prompt[0].path, *generated = engine->generated[0].path;

    if (last)
        return engine_answer_fail(answer, last->list, last->at, ERR_OUTPUTS, err,
                                  "no token of the answer has a log-probability: %s", engine->ask);
    if (!prompt)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err, "%s is %s: %s", generated,
                                  state_of(answer, generated), engine->ask);
    return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err, "%s is %s, and %s is %s: %s",
                              generated, state_of(answer, generated), prompt,
                              state_of(answer, prompt), engine->ask);
}

bool engine_lists_read(struct engine_answer *answer, struct error *err)
{
    struct found prompt, generated;
    struct engine_told told;

    answer->start = START_UNKNOWN;
    if (!json_is_object(answer->choice))
        return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                  "the answer is not an object");
    if (!engine_whole_check(answer, err) || !engine_told_read(answer, &told, err)
        || !find(answer, answer->engine->prompt, &prompt, err)
        || !find(answer, answer->engine->generated, &generated, err)
        || !read_prompt(answer, &told, &prompt, err)
        || !read_generated(answer, &told, &generated, err))
        return false;
    answer->chat = engine_told_chat(answer);
    answer->prompt_told = told.prompt;
    answer->unlisted = generated.value ? 0 : told.generated;
    notice_repeated(answer);
    engine_text_check(answer);
    return has_known(answer) || lacks(answer, err);
}
