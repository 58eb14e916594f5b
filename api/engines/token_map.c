/* token_map.c - a token as a map from ids to log-probabilities. */
#include "api/engines/token_map.h"

#include "api/engines/token_top.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* The only key of a map from keys to numbers may be the token's text. */
static bool read_key(const struct engine_answer *answer, size_t list, size_t at, const char *name,
                     const json_t *value, bool is_only, struct ranked_key *key, struct error *err)
{
    struct token token;

    key->id = token_id_of_key(name);
    if (key->id == ENGINE_NO_ID && (!is_only || json_is_object(value)))
        return engine_answer_fail(answer, list, at, ERR_BAD_SHAPE, err,
                                  "\"%.32s\" is not a token's id", name);
    token_read(&token, value);
    key->rank = json_is_integer(token.rank) ? json_integer_value(token.rank) : NO_RANK;
    key->value = json_is_object(value) ? token.log_prob : value;
    if (!json_number(key->value, &key->log_prob))
        key->log_prob = NAN; /* unknown: neither above nor below another */
    return true;
}

/* Whether a key is the entry's own token.  If its id is not known, it is the only key, or the one
 * whose rank is beyond the list. */
static bool is_meant(const struct ranked_key *key, int64_t id, size_t listed)
{
    if (id != ENGINE_NO_ID && key->id != ENGINE_NO_ID)
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
    const struct engine_entry unknown = {0}; /* the entry is appended later */
    struct ranked_key key, before = {.rank = NO_RANK};
    const char *name;
    json_t *value;
    size_t seen = 0;

    json_object_foreach((json_t *)object, name, value)
    {
        if (seen++ == LISTED_MOST)
            break;
        if (!read_key(answer, list, at, name, value, keys->listed == 1, &key, err))
            return false;
        if (contradicts(&before, &key))
            engine_answer_notice(answer, WARNING_RANK, list, at);
        before = key;
        if (is_meant(&key, id, keys->listed)) {
            keys->own = key;
            keys->found++;
        }
        rivals_add(&keys->rivals, &unknown, key.value, is_meant(&key, id, keys->listed));
    }
    return true;
}

/* Look up the key by its id: it may be beyond the keys that were visited. */
static bool find_key(const struct engine_answer *answer, size_t list, size_t at,
                     const json_t *object, int64_t id, struct keys *keys, struct error *err)
{
    char name[24];
    const json_t *value;

    if (keys->found || id == ENGINE_NO_ID)
        return true;
    snprintf(name, sizeof name, "%lld", (long long)id);
    value = json_object_get(object, name);
    keys->found += value != NULL;
    return !value || read_key(answer, list, at, name, value, false, &keys->own, err);
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

/* Whether the map says which token is meant. */
static bool check_found(struct engine_answer *answer, size_t list, size_t at, int64_t id,
                        bool must_have, const struct keys *keys, struct error *err)
{
    if (id != ENGINE_NO_ID && must_have && keys->found == 0)
        return engine_answer_fail(answer, list, at, ERR_OUTPUTS, err,
                                  "the token is told to be %lld, which is not among the %zu listed "
                                  "here",
                                  (long long)id, keys->listed);
    if (id != ENGINE_NO_ID)
        return true;
    if (keys->found != 1)
        return engine_answer_fail(
            answer, list, at, ERR_OUTPUTS, err,
            "which of %zu listed tokens is meant is not told: ask for the ids "
            "of the tokens (vLLM: \"return_token_ids\": true), or give tokens",
            keys->listed);
    if (keys->own.id != ENGINE_NO_ID)
        engine_answer_notice(answer, WARNING_GUESSED, list, at);
    return true;
}

static bool append(struct engine_answer *answer, size_t list, size_t at, const json_t *map,
                   int64_t id, const struct keys *keys, struct error *err)
{
    struct engine_entry *entry = engine_answer_add(answer, list, at, NULL, keys->own.value, err);

    if (!entry)
        return false;
    entry->said = map;
    entry->id = keys->found && keys->own.id != ENGINE_NO_ID ? keys->own.id : id;
    if (keys->found) {
        rivals_judge(answer, entry, &keys->rivals);
        judge_rank(answer, entry, keys);
        entry->alone = keys->own.rank == NO_RANK && keys->rivals.others == 0;
    }
    return true;
}

bool token_map_read(struct engine_answer *answer, size_t list, size_t at, const json_t *map,
                    int64_t id, bool must_have, struct error *err)
{
    struct keys keys = {.listed = json_object_size(map)};

    if (map && !json_is_null(map) && !json_is_object(map))
        return engine_answer_fail(answer, list, at, ERR_BAD_SHAPE, err,
                                  "must be an object or null");
    if (keys.listed > 0
        && (!read_keys(answer, list, at, map, id, &keys, err)
            || !find_key(answer, list, at, map, id, &keys, err)
            || !check_found(answer, list, at, id, must_have, &keys, err)))
        return false;
    return append(answer, list, at, map, id, &keys, err);
}
