/* token_top.c - the most likely tokens that an engine lists beside a token. */
#include "api/engines/token_top.h"

#include <math.h>
#include <string.h>

void rivals_add(struct rivals *rivals, const struct engine_entry *entry, const json_t *log_prob,
                bool is_own)
{
    double value = 0;
    const bool known = json_number(log_prob, &value) && !isnan(value);

    if (is_own && rivals->count == 0)
        rivals->own_first = true;
    rivals->count++;
    if (is_own && known && entry->state == ENTRY_KNOWN) {
        rivals->own++;
        if (token_same_value(entry->log_prob, value))
            rivals->agrees = true;
        else
            rivals->told = value;
    }
    if (is_own || !known)
        return;
    if (rivals->others == 0 || value < rivals->least)
        rivals->least = value;
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

/* ---- lists ---- */

struct token_walk token_walk_begin(const json_t *list, bool ids, size_t most)
{
    static const char *const inner[] = {"candidates", "top_candidates"};

    for (size_t i = 0; json_is_object(list) && i < sizeof inner / sizeof *inner; i++)
        if (json_is_array(json_object_get(list, inner[i])))
            list = json_object_get(list, inner[i]);
    return (struct token_walk){
        .list = list, .ids = ids, .most = most, .key = json_object_iter((json_t *)list)};
}

static bool next_key(struct token_walk *walk, struct token *token, int64_t *id, const char **text)
{
    const json_t *value;

    if (!walk->key)
        return false;
    value = json_object_iter_value(walk->key);
    token_read(token, value);
    if (!json_is_object(value))
        token->log_prob = value;
    *text = json_object_iter_key(walk->key);
    *id = walk->ids ? token_id_of_key(*text) : ENGINE_NO_ID;
    walk->key = json_object_iter_next((json_t *)walk->list, walk->key);
    return true;
}

bool token_walk_next(struct token_walk *walk, struct token *token, int64_t *id, const char **text)
{
    if (walk->at == walk->most)
        return false;
    if (json_is_object(walk->list)) {
        walk->at++;
        return next_key(walk, token, id, text);
    }
    if (walk->at >= json_array_size(walk->list))
        return false;
    token_read(token, json_array_get(walk->list, walk->at++));
    *text = json_string_value(token->text);
    *id = token_id(token);
    return true;
}

bool token_listed_check(const struct engine_answer *answer, size_t list, size_t at,
                        const struct token *token, int64_t id, const char *text, struct error *err)
{
    const bool is_named = text || id != ENGINE_NO_ID;
    double value = 0;

    if (!is_named || !json_number(token->log_prob, &value))
        return engine_answer_fail(answer, list, at, ERR_OUTPUTS, err,
                                  "a token of the list beside it has no %s",
                                  is_named ? "log-probability" : "text and no id");
    return !(value > ENGINE_SLACK)
           || engine_answer_fail(
               answer, list, at, ERR_OUT_OF_RANGE, err,
               "%g, of a token of the list beside it, is not a log-probability: it "
               "must be at most 0 (or %g, as half precision rounds)",
               value, ENGINE_SLACK);
}

/* ---- beside a token ---- */

/* Note whether a list is in order. */
static void rivals_order(struct rivals *rivals, const json_t *log_prob)
{
    double value;

    if (!json_number(log_prob, &value))
        return;
    rivals->unsorted |= rivals->count > 0 && value > rivals->last;
    rivals->last = value;
}

/* Whether a listed token is the entry's own: by id, or else by text and bytes. */
static bool is_own(const struct engine_entry *entry, const struct token *own,
                   const struct token *other, int64_t id, const char *text)
{
    if (entry->id != ENGINE_NO_ID && id != ENGINE_NO_ID)
        return entry->id == id;
    return text && json_is_string(own->text) && strcmp(text, json_string_value(own->text)) == 0
           && (!json_is_array(own->bytes) || !json_is_array(other->bytes)
               || json_equal(own->bytes, other->bytes));
}

/* Warn of texts that occur twice in a list. */
static void notice_twice(struct engine_answer *answer, const struct engine_entry *entry,
                         const char *const *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (text[i] && text[k] && strcmp(text[i], text[k]) == 0)
                engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
}

/* Refuse a token whose log-probability is another one in the list beside it.  A map from texts may
 * have lost a token of the same text. */
static bool check_own(struct engine_answer *answer, const struct engine_entry *entry,
                      const struct rivals *rivals, bool texts, struct error *err)
{
    char own[NUMBER_MAX + 1], told[NUMBER_MAX + 1];

    if (rivals->own == 0 && !texts && rivals->others > 0 && entry->state == ENTRY_KNOWN
        && entry->log_prob > rivals->least && !token_same_value(entry->log_prob, rivals->least))
        engine_answer_notice(answer, WARNING_NOT_IN_TOP, entry->list, entry->at);
    if (rivals->own == 0 || rivals->agrees)
        return true;
    if (texts) {
        engine_answer_notice(answer, WARNING_DUPLICATE, entry->list, entry->at);
        return true;
    }
    return engine_answer_fail(answer, entry->list, entry->at, ERR_OUTPUTS, err,
                              "the token's log-probability is %s here and %s in the list of "
                              "the most likely tokens beside it: one of them is not this token's",
                              number_text(entry->log_prob, own), number_text(rivals->told, told));
}

bool token_top_read(struct engine_answer *answer, struct engine_entry *entry,
                    const struct token *own, const json_t *top, bool ids, struct error *err)
{
    struct token_walk walk = token_walk_begin(top, ids, LISTED_MOST);
    const bool texts = json_is_object(walk.list) && !ids;
    const char *text[LISTED_MOST] = {0};
    struct rivals rivals = {0};
    struct token token;
    int64_t id;

    while (token_walk_next(&walk, &token, &id, &text[rivals.count])) {
        const char **listed = &text[rivals.count];

        if (!token_listed_check(answer, entry->list, entry->at, &token, id, *listed, err))
            return false;
        rivals_order(&rivals, token.log_prob);
        rivals_add(&rivals, entry, token.log_prob, is_own(entry, own, &token, id, *listed));
        if (id != ENGINE_NO_ID) /* tells tokens of one text apart */
            *listed = NULL;
    }
    if (!texts)
        notice_twice(answer, entry, text, rivals.count);
    rivals_judge(answer, entry, &rivals);
    if (rivals.unsorted && rivals.own_first && json_is_array(own->top) && !own->bytes)
        engine_answer_notice(answer, WARNING_UNSORTED, entry->list, entry->at);
    return check_own(answer, entry, &rivals, texts, err);
}
