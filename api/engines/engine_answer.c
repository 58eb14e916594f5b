/* engine_answer.c - the contents of an engine's answer, token by token. */
#include "api/engines/engine_answer.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_value.h"
#include "api/engines/joined.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTINEL (-9999.0)
#define LOWEST (-3.4e38) /* just above the lowest float32, -3.4028235e38 */

/* ---- places ---- */

json_t *engine_answer_array(const struct engine_answer *answer, const char *path, bool *of_choice)
{
    json_t *array = json_list(answer->choice, path);

    if (of_choice)
        *of_choice = array != NULL;
    array = array ? array : json_list(answer->response, path);
    return json_array_size(array) > 0 ? array : NULL;
}

size_t engine_answer_list(struct engine_answer *answer, bool of_choice, const char *path,
                          const char *member)
{
    if (answer->list_count == ANSWER_LISTS)
        return NO_LIST;
    answer->lists[answer->list_count] = (struct engine_list){of_choice, path, member};
    return answer->list_count++;
}

void engine_answer_pointer(const struct engine_answer *answer, size_t list, size_t at, char *out,
                           size_t size)
{
    const struct engine_list *place = &answer->lists[list == NO_LIST ? 0 : list];

    if (list == NO_LIST)
        snprintf(out, size, "%s", answer->choice_path);
    else
        snprintf(out, size, "%s%s%s/%zu%s%s",
                 place->of_choice ? answer->choice_path : answer->response_path,
                 place->path[0] ? "/" : "", place->path, at, place->member ? "/" : "",
                 place->member ? place->member : "");
    if (answer->joined)
        joined_pointer(answer->joined, out, size);
}

bool engine_answer_fail(const struct engine_answer *answer, size_t list, size_t at,
                        enum error_code code, struct error *err, const char *format, ...)
{
    char pointer[sizeof err->pointer], detail[sizeof err->detail];
    va_list arguments;

    engine_answer_pointer(answer, list, at, pointer, sizeof pointer);
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (err->code == ERR_NONE)
        err->place = answer->place;
    return error_set(err, code, pointer, "%s", detail);
}

bool engine_answer_lacks(const struct engine_answer *answer, const char *member, struct error *err)
{
    return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err, "there is no %s in it: %s",
                              member, answer->engine->ask);
}

void engine_answer_notice_many(struct engine_answer *answer, enum warning warning, size_t count,
                               size_t list, size_t at)
{
    struct noticed *noticed = &answer->noticed[warning];

    if (noticed->count == 0) {
        noticed->list = list;
        noticed->at = at;
    }
    noticed->count += count;
}

void engine_answer_notice(struct engine_answer *answer, enum warning warning, size_t list,
                          size_t at)
{
    engine_answer_notice_many(answer, warning, 1, list, at);
}

/* ---- entries ---- */

double engine_answer_judge(struct engine_answer *answer, size_t list, size_t at, double log_prob)
{
    const bool lowest = log_prob <= LOWEST && isfinite(log_prob);

    if (log_prob == SENTINEL)
        engine_answer_notice(answer, WARNING_SENTINEL, list, at);
    if (lowest)
        engine_answer_notice(answer, WARNING_LOWEST, list, at);
    if (log_prob > 0 && log_prob <= ENGINE_SLACK)
        engine_answer_notice(answer, WARNING_ABOVE, list, at);
    return lowest ? -INFINITY : log_prob;
}

static bool read_log_prob(struct engine_answer *answer, struct engine_entry *entry,
                          const json_t *value, struct error *err)
{
    double number = 0;

    if (!value || json_is_null(value))
        return true;
    if (json_is_string(value) && strchr(json_string_value(value), '('))
        return engine_answer_fail(answer, entry->list, entry->at, ERR_BAD_SHAPE, err,
                                  "is Python's text of an object: write its members as JSON "
                                  "(dataclasses.asdict() gives them)");
    if (!json_number(value, &number))
        return engine_answer_fail(answer, entry->list, entry->at, ERR_BAD_SHAPE, err,
                                  "must be a number or null");
    entry->state = isnan(number) ? ENTRY_NAN : ENTRY_KNOWN;
    entry->log_prob = engine_answer_judge(answer, entry->list, entry->at, number);
    return true;
}

static bool read_id(struct engine_answer *answer, struct engine_entry *entry, const json_t *value,
                    struct error *err)
{
    entry->id = token_id_of_text(json_string_value(value));
    if (!value || json_is_null(value) || json_is_string(value))
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return engine_answer_fail(answer, entry->list, entry->at, ERR_BAD_SHAPE, err,
                                  "the token's id must be an integer, 0 or more");
    entry->id = json_integer_value(value);
    return true;
}

static bool grow(struct engine_answer *answer, struct error *err)
{
    const size_t size = sizeof(struct engine_entry), capacity = 2 * answer->capacity + 16;
    struct engine_entry *entry;

    if (answer->count < answer->capacity)
        return true;
    entry = arena_grow(answer->arena, answer->entry, answer->capacity * size, capacity * size);
    if (!entry)
        return arena_fail(answer->arena, err);
    answer->entry = entry;
    answer->capacity = capacity;
    return true;
}

/* Charge an entry, and the tokens visited for the one before it. */
static bool pay(struct engine_answer *answer, struct error *err)
{
    const size_t tokens = 1 + answer->unpaid;

    answer->unpaid = 0;
    return work_charge_each(answer->work, tokens, WORK_TOKEN, err);
}

struct engine_entry *engine_answer_add(struct engine_answer *answer, size_t list, size_t at,
                                       const json_t *id, const json_t *log_prob, struct error *err)
{
    struct engine_entry *entry;

    if (!pay(answer, err) || !grow(answer, err))
        return NULL;
    entry = &answer->entry[answer->count];
    *entry = (struct engine_entry){.list = list, .at = at, .greedy = ANSWER_UNKNOWN};
    if (!read_id(answer, entry, id, err) || !read_log_prob(answer, entry, log_prob, err))
        return NULL;
    answer->count++;
    return entry;
}
