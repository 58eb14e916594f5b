/* listed.c - the distribution that an engine lists at one generated token. */
#include "api/engines/listed.h"

#include "api/base/arena_error.h"
#include "api/engines/token_top.h"

#include <math.h>
#include <string.h>

/* Whether two tokens are the same: by id, or else by text. */
static bool is_same(const struct listed_token *a, const struct listed_token *b)
{
    if (a->id != ENGINE_NO_ID && b->id != ENGINE_NO_ID)
        return a->id == b->id;
    return a->text && b->text && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Add a token, unless it is the generated one, which is the first, with the same log-probability.
 */
static void add(struct listed *listed, const struct listed_token *token)
{
    if (listed->count > 0 && is_same(&listed->token[0], token)
        && token_same_value(listed->token[0].log_prob, token->log_prob)) {
        if (listed->token[0].id == ENGINE_NO_ID)
            listed->token[0].id = token->id;
        if (!listed->token[0].text) {
            listed->token[0].text = token->text;
            listed->token[0].length = token->length;
        }
        return;
    }
    listed->token[listed->count++] = *token;
}

static bool add_list(const struct engine_answer *answer, struct listed *listed, const json_t *list,
                     bool ids, struct error *err)
{
    struct token_walk walk = token_walk_begin(list, ids, SIZE_MAX);
    struct token token;
    const char *text;
    int64_t id;

    while (token_walk_next(&walk, &token, &id, &text)) {
        const char *decoded = json_string_value(token.text);
        struct listed_token one = {.id = id, .text = decoded ? decoded : ids ? NULL : text};

        if (!token_listed_check(answer, listed->list, listed->at, &token, id, text, err))
            return false;
        one.length = one.text ? strlen(one.text) : 0;
        if (id == ENGINE_NO_ID)
            one.id = token_id_of_text(text);
        if (json_number(token.log_prob, &one.log_prob) && !isnan(one.log_prob))
            add(listed, &one);
    }
    return true;
}

static const json_t *labels_at(const struct engine_answer *answer, size_t position)
{
    const char *path = answer->engine->generated[0].labels;

    return path ? json_array_get(json_list(answer->choice, path), position) : NULL;
}

const char *engine_entry_text(const struct engine_entry *entry)
{
    struct token token;

    token_read(&token, entry->said);
    return json_string_value(json_is_string(entry->said) ? entry->said : token.text);
}

static void add_own(struct listed *listed, const struct engine_entry *entry)
{
    struct listed_token own = {.id = entry->id, .log_prob = entry->log_prob};

    own.text = engine_entry_text(entry);
    own.length = own.text ? strlen(own.text) : 0;
    if (entry->state == ENTRY_KNOWN)
        add(listed, &own);
}

bool engine_listed(struct engine_answer *answer, size_t position, struct listed *listed,
                   struct error *err)
{
    const size_t made = answer->count - answer->prompt;
    const json_t *labels = labels_at(answer, position), *map;
    const struct engine_entry *entry;
    struct token token;
    size_t most;

    if (position >= made)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                  "there is no generated token at position %zu: %zu are listed",
                                  position, made);
    entry = &answer->entry[answer->prompt + position];
    map = token_read(&token, entry->said) == TOKEN_MAP ? entry->said : NULL;
    most = 1 + json_array_size(entry->top) + json_object_size(entry->top) + json_object_size(map)
           + json_array_size(labels);
    if (!work_charge_each(answer->work, most, WORK_TOKEN, err))
        return false;
    *listed = (struct listed){.token = arena_new(answer->arena, struct listed_token, most),
                              .list = entry->list,
                              .at = entry->at};
    if (!listed->token)
        return arena_fail(answer->arena, err);
    add_own(listed, entry);
    return add_list(answer, listed, entry->top,
                    !json_is_string(entry->said) && entry->id != ENGINE_NO_ID, err)
           && add_list(answer, listed, map, true, err)
           && add_list(answer, listed, labels, true, err);
}
