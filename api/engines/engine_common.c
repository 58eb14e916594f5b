/* engine_common.c - parsers that the adapters of several engines share. */
#include "api/engines/engine_common.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At most this many tokens beside an entry are visited; the most likely ones come first.  A list
 * may be as long as the vocabulary, and many sequences may share the answer. */
#define LISTED_MOST 128

/* ---- tokens listed beside an entry ---- */

void rivals_add(struct rivals *rivals, const json_t *log_prob, bool itself)
{
    double value = 0;

    rivals->count++;
    if (itself || !json_number(log_prob, &value) || isnan(value))
        return;
    if (rivals->others++ == 0 || value > rivals->best)
        rivals->best = value;
}

void rivals_judge(struct engine_answer *answer, struct engine_entry *entry,
                  const struct rivals *rivals)
{
    answer->unpaid += rivals->count;
    if (rivals->count > answer->listed)
        answer->listed = rivals->count;
    if (rivals->count == 0 || entry->state != ENTRY_KNOWN)
        return;
    if (rivals->count > 1)
        engine_answer_notice(answer, WARNING_TRUNCATED, entry->list, entry->at);
    if (rivals->others == 0 || entry->log_prob > rivals->best)
        entry->greedy = ANSWER_YES;
    else if (entry->log_prob < rivals->best)
        entry->greedy = ANSWER_NO;
}

static bool same_text(const json_t *a, const json_t *b)
{
    return json_is_string(a) && json_is_string(b)
           && strcmp(json_string_value(a), json_string_value(b)) == 0;
}

/* ---- objects ---- */

static bool is_same(const json_t *a, const json_t *b, const struct object_names *names)
{
    const json_t *id_a = names->id ? json_object_get(a, names->id) : NULL;
    const json_t *id_b = names->id ? json_object_get(b, names->id) : NULL;

    if (json_is_integer(id_a) && json_is_integer(id_b))
        return json_integer_value(id_a) == json_integer_value(id_b);
    return same_text(json_object_get(a, names->text), json_object_get(b, names->text))
           && json_equal(json_object_get(a, "bytes"), json_object_get(b, "bytes"));
}

/* The id of a token, or its text, which may have the form "token_id:N". */
static const json_t *id_of(const json_t *object, const struct object_names *names)
{
    const json_t *id = names->id ? json_object_get(object, names->id) : NULL;
    const json_t *text = json_object_get(object, names->text);

    return id || !json_is_string(text) ? id : text;
}

/* Warn of texts that occur twice in a list. */
static void notice_twice(struct engine_answer *answer, const struct engine_entry *entry,
                         const json_t *top, const char *text)
{
    const size_t count = json_array_size(top);

    for (size_t i = 0; i < count && i < LISTED_MOST; i++)
        for (size_t j = 0; j < i; j++)
            if (same_text(json_object_get(json_array_get(top, i), text),
                          json_object_get(json_array_get(top, j), text)))
                engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
}

static void read_top(struct engine_answer *answer, struct engine_entry *entry, const json_t *object,
                     const struct object_names *names)
{
    const json_t *top = names->top ? json_list(object, names->top) : NULL;
    struct rivals rivals = {0};

    for (size_t i = 0; i < json_array_size(top) && i < LISTED_MOST; i++) {
        const json_t *other = json_array_get(top, i);

        rivals_add(&rivals, json_object_get(other, names->log_prob), is_same(object, other, names));
    }
    notice_twice(answer, entry, top, names->text);
    rivals_judge(answer, entry, &rivals);
}

bool read_objects(struct engine_answer *answer, const char *path, const struct object_names *names,
                  struct error *err)
{
    const json_t *list = json_list(answer->choice, path);
    const size_t place = engine_answer_list(answer, true, path, names->log_prob);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        struct engine_entry *entry;

        if (!json_is_object(object))
            return engine_answer_fail(answer, place, i, ERR_BAD_SHAPE, err, "must be in an object");
        entry = engine_answer_add(answer, place, i, id_of(object, names),
                                  json_object_get(object, names->log_prob), err);
        if (!entry)
            return false;
        read_top(answer, entry, object, names);
    }
    return true;
}

void read_tops(struct engine_answer *answer, size_t from, const json_t *tops, const char *inner,
               const struct object_names *names)
{
    for (size_t i = 0; i < json_array_size(tops) && from + i < answer->count; i++) {
        struct engine_entry *entry = &answer->entry[from + i];
        const json_t *top = json_array_get(tops, i);
        struct rivals rivals = {0};

        top = inner ? json_list(top, inner) : top;
        for (size_t k = 0; k < json_array_size(top) && k < LISTED_MOST; k++) {
            const json_t *other = json_array_get(top, k), *id = json_object_get(other, names->id);

            rivals_add(&rivals, json_object_get(other, names->log_prob),
                       json_is_integer(id) && json_integer_value(id) == entry->id);
        }
        rivals_judge(answer, entry, &rivals);
    }
}

/* ---- OpenAI's parallel arrays ---- */

size_t told_usage(const struct engine_answer *answer, const char *name)
{
    const json_t *told = json_object_get(json_object_get(answer->response, "usage"), name);

    if (!answer->only || !json_is_integer(told) || json_integer_value(told) < 0)
        return START_UNKNOWN;
    return (size_t)json_integer_value(told);
}

bool begins_without(const struct engine_answer *answer)
{
    return answer->count > 0 && answer->entry[0].state != ENTRY_KNOWN;
}

size_t told_prompt(const struct engine_answer *answer)
{
    const size_t told = told_usage(answer, "prompt_tokens");

    return told < answer->count ? told : answer->count;
}

/* Parse an object from texts to log-probabilities.  Different tokens with equal texts overwrite
 * each other in it.  Warn if it has fewer texts than others, or another number for the entry's own
 * text. */
static void read_texts(struct engine_answer *answer, struct engine_entry *entry, const json_t *top,
                       const json_t *text)
{
    struct rivals rivals = {0};
    const json_t *itself = text ? json_object_get(top, json_string_value(text)) : NULL;
    const char *name;
    json_t *value;
    double number;

    json_object_foreach((json_t *)top, name, value)
    {
        if (rivals.count == LISTED_MOST)
            break;
        rivals_add(&rivals, value, value == itself);
    }
    if (entry->state == ENTRY_KNOWN && itself && json_number(itself, &number)
        && number != entry->log_prob)
        engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
    if (answer->listed > rivals.count + 1 && rivals.count > 0)
        engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
    rivals_judge(answer, entry, &rivals);
    entry->alone = rivals.others == 0;
}

bool read_arrays(struct engine_answer *answer, size_t from, const json_t *ids, struct error *err)
{
    const json_t *numbers = json_list(answer->choice, "logprobs/token_logprobs");
    const json_t *texts = json_list(answer->choice, "logprobs/tokens");
    const json_t *tops = json_list(answer->choice, "logprobs/top_logprobs");
    const size_t place = engine_answer_list(answer, true, "logprobs/token_logprobs", NULL);
    const size_t count = json_array_size(numbers);

    if (texts && json_array_size(texts) != count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%zu tokens and %zu token_logprobs in logprobs",
                                  json_array_size(texts), count);
    for (size_t i = from; i < count; i++) {
        const json_t *text = json_array_get(texts, i), *top = json_array_get(tops, i);
        const json_t *id = ids ? json_array_get(ids, i - from) : text;
        struct engine_entry *entry =
            engine_answer_add(answer, place, i, id, json_array_get(numbers, i), err);

        if (!entry)
            return false;
        if (json_is_object(top))
            read_texts(answer, entry, top, json_is_string(text) ? text : NULL);
    }
    return true;
}

/* ---- objects with ids as keys ---- */

#define NO_RANK INT64_MAX

struct ranked_key {
    int64_t id, rank;
    double log_prob;
    const json_t *value;
};

/* The result of reading the keys of an object. */
struct keys {
    struct ranked_key own; /* the entry's own token ... */
    size_t found;          /* ... and how often it was found */
    size_t listed;
    struct rivals rivals;
};

static bool parse_id(const char *name, int64_t *id)
{
    char *end;

    *id = strtoll(name, &end, 10);
    return name[0] >= '0' && name[0] <= '9' && *end == '\0' && *id < INT64_MAX;
}

static bool read_key(const struct engine_answer *answer, size_t list, size_t at, const char *name,
                     const json_t *value, struct ranked_key *key, struct error *err)
{
    const json_t *rank = json_object_get(value, "rank");

    if (!parse_id(name, &key->id))
        return engine_answer_fail(answer, list, at, ERR_BAD_SHAPE, err,
                                  "\"%.32s\" is not a token's id", name);
    key->rank = json_is_integer(rank) ? json_integer_value(rank) : NO_RANK;
    key->value = json_is_object(value) ? json_object_get(value, "logprob") : value;
    if (!json_number(key->value, &key->log_prob))
        key->log_prob = NAN; /* unknown: neither above nor below another */
    return true;
}

/* Whether a key is the entry's own token.  If its id is not known, it is the only key, or the one
 * whose rank is beyond the list. */
static bool is_meant(const struct ranked_key *key, int64_t id, size_t listed)
{
    if (id != ENGINE_NO_ID)
        return key->id == id;
    return listed == 1 || (key->rank != NO_RANK && key->rank > (int64_t)listed);
}

static bool contradicts(const struct ranked_key *a, const struct ranked_key *b)
{
    return a->rank != NO_RANK && b->rank != NO_RANK
           && ((a->rank < b->rank && a->log_prob < b->log_prob)
               || (a->rank > b->rank && a->log_prob > b->log_prob));
}

static bool read_keys(struct engine_answer *answer, size_t list, size_t at, const json_t *object,
                      int64_t id, struct keys *keys, struct error *err)
{
    struct ranked_key key, before = {.rank = NO_RANK};
    const char *name;
    json_t *value;
    size_t seen = 0;

    json_object_foreach((json_t *)object, name, value)
    {
        if (seen++ == LISTED_MOST)
            break;
        if (!read_key(answer, list, at, name, value, &key, err))
            return false;
        if (contradicts(&before, &key))
            engine_answer_notice(answer, WARNING_RANK, list, at);
        before = key;
        if (is_meant(&key, id, keys->listed)) {
            keys->own = key;
            keys->found++;
        }
        rivals_add(&keys->rivals, key.value, is_meant(&key, id, keys->listed));
    }
    return true;
}

/* Look up the key by its id: it may be beyond the keys that were visited. */
static bool find_key(const struct engine_answer *answer, size_t list, size_t at,
                     const json_t *object, int64_t id, struct keys *keys, struct error *err)
{
    char name[24];
    const json_t *value;

    snprintf(name, sizeof name, "%lld", (long long)id);
    value = keys->found || id == ENGINE_NO_ID ? NULL : json_object_get(object, name);
    keys->found += value != NULL;
    return !value || read_key(answer, list, at, name, value, &keys->own, err);
}

/* Set `greedy` by the rank, unless the listed log-probabilities contradict it or are equal. */
static void judge_rank(struct engine_answer *answer, struct engine_entry *entry,
                       const struct keys *keys)
{
    const bool others = keys->rivals.others > 0, best = keys->own.rank == 1;
    const double most = keys->rivals.best;

    if (keys->own.rank == NO_RANK || entry->state != ENTRY_KNOWN)
        return;
    if (others && (best ? entry->log_prob < most : entry->log_prob > most))
        engine_answer_notice(answer, WARNING_RANK, entry->list, entry->at);
    else if (!others || entry->log_prob != most)
        entry->greedy = best ? ANSWER_YES : ANSWER_NO;
}

bool read_ranked(struct engine_answer *answer, size_t list, size_t at, const json_t *object,
                 int64_t id, struct error *err)
{
    struct keys keys = {.listed = json_object_size(object)};
    struct engine_entry *entry;

    if (object && !json_is_null(object) && !json_is_object(object))
        return engine_answer_fail(answer, list, at, ERR_BAD_SHAPE, err,
                                  "must be an object or null");
    if (json_is_object(object)
        && (!read_keys(answer, list, at, object, id, &keys, err)
            || !find_key(answer, list, at, object, id, &keys, err)))
        return false;
    if (json_is_object(object) && id == ENGINE_NO_ID && keys.found != 1)
        return engine_answer_fail(answer, list, at, ERR_OUTPUTS, err,
                                  "which of %zu listed tokens is meant is not told: ask for "
                                  "\"return_token_ids\": true (prompt_token_ids), or give tokens",
                                  keys.listed);
    if (json_is_object(object) && id == ENGINE_NO_ID)
        engine_answer_notice(answer, WARNING_GUESSED, list, at);
    entry = engine_answer_add(answer, list, at, NULL, keys.own.value, err);
    if (!entry)
        return false;
    entry->id = keys.found ? keys.own.id : id;
    if (keys.found) {
        rivals_judge(answer, entry, &keys.rivals);
        judge_rank(answer, entry, &keys);
        entry->alone = keys.own.rank == NO_RANK && keys.rivals.others == 0;
    }
    return true;
}
