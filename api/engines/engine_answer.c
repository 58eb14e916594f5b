/* engine_answer.c - what an engine's answer says, token by token. */
#include "api/base/arena_error.h"
#include "api/engines/engine.h"
#include "api/json/json_repair.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_ABOVE 1e-2 /* a log-probability of half precision may be rounded up so far */
#define SENTINEL (-9999.0)
#define LOWEST (-3.4e38) /* of float: -3.4028235e38 */

/* ---- places ---- */

size_t engine_answer_list(struct engine_answer *reading, bool of_choice, const char *path,
                          const char *member)
{
    char text[384];

    snprintf(text, sizeof text, "%s/%s", of_choice ? reading->choice_path : reading->response_path,
             path);
    path = arena_copy(reading->arena, text, strlen(text));
    if (!path)
        arena_fail(reading->arena, reading->err);
    if (reading->list_count == READING_LISTS) {
        error_set(reading->err, ERR_INTERNAL, "", "there is no room to note a list of an answer");
        return READING_LISTS - 1;
    }
    reading->lists[reading->list_count] = (struct engine_list){path ? path : "", member};
    return reading->list_count++;
}

void engine_answer_pointer(const struct engine_answer *reading, size_t list, size_t at, char *out,
                           size_t size)
{
    const struct engine_list *place = &reading->lists[list == NO_LIST ? 0 : list];

    if (list == NO_LIST)
        snprintf(out, size, "%s", reading->choice_path);
    else
        snprintf(out, size, "%s/%zu%s%s", place->path, at, place->member ? "/" : "",
                 place->member ? place->member : "");
}

bool engine_answer_fail(const struct engine_answer *reading, size_t list, size_t at,
                        enum error_code code, const char *format, ...)
{
    char pointer[sizeof reading->err->pointer], detail[sizeof reading->err->detail];
    va_list arguments;

    engine_answer_pointer(reading, list, at, pointer, sizeof pointer);
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (reading->err->code == ERR_NONE)
        reading->err->place = reading->place;
    return error_set(reading->err, code, pointer, "%s", detail);
}

bool engine_answer_lacks(const struct engine_answer *reading, const char *member)
{
    return engine_answer_fail(reading, NO_LIST, 0, ERR_OUTPUTS, "there is no %s in it: %s", member,
                              reading->engine->ask);
}

void engine_answer_notice(struct engine_answer *reading, enum warning warning, size_t list,
                          size_t at)
{
    struct noticed *noticed = &reading->noticed[warning];
    char pointer[384];

    if (noticed->count++ > 0)
        return;
    engine_answer_pointer(reading, list, at, pointer, sizeof pointer);
    noticed->pointer = arena_copy(reading->arena, pointer, strlen(pointer));
    if (!noticed->pointer)
        arena_fail(reading->arena, reading->err);
}

/* ---- values ---- */

json_t *json_below(const json_t *object, const char *path)
{
    char name[64];
    json_t *value = NULL;
    size_t length;

    for (;; path += length + 1) {
        length = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        value = json_object_get(object, name);
        if (path[length] == '\0')
            return value;
        object = value;
    }
}

json_t *json_list(const json_t *object, const char *path)
{
    json_t *list = json_below(object, path);

    return json_is_array(list) ? list : NULL;
}

bool json_number(const json_t *value, double *number)
{
    if (json_is_string(value))
        return json_repair_word(json_string_value(value), number);
    *number = json_number_value(value);
    return json_is_number(value);
}

static bool read_log_prob(struct engine_answer *reading, struct engine_entry *entry,
                          const json_t *value)
{
    double number = 0;

    if (!value || json_is_null(value))
        return true;
    if (!json_number(value, &number))
        return engine_answer_fail(reading, entry->list, entry->at, ERR_BAD_SHAPE,
                                  "must be a number or null");
    entry->state = isnan(number) ? ENTRY_NAN : ENTRY_KNOWN;
    if (number == SENTINEL)
        engine_answer_notice(reading, WARNING_SENTINEL, entry->list, entry->at);
    if (number <= LOWEST && isfinite(number)) {
        engine_answer_notice(reading, WARNING_LOWEST, entry->list, entry->at);
        number = -INFINITY;
    }
    if (number > 0 && number <= MOST_ABOVE)
        engine_answer_notice(reading, WARNING_ABOVE, entry->list, entry->at);
    entry->log_prob = number;
    return true;
}

#define AS_ID "token_id:"

static bool read_id(struct engine_answer *reading, struct engine_entry *entry, const json_t *value)
{
    const char *text = json_string_value(value);
    long long id;
    char more;

    entry->id = ENGINE_NO_ID;
    if (!value || json_is_null(value))
        return true;
    if (text && sscanf(text, AS_ID "%19lld%c", &id, &more) == 1 && id >= 0)
        entry->id = id;
    if (text)
        return true;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return engine_answer_fail(reading, entry->list, entry->at, ERR_BAD_SHAPE,
                                  "the token's id must be an integer, 0 or more");
    entry->id = json_integer_value(value);
    return true;
}

static bool grow(struct engine_answer *reading)
{
    const size_t size = sizeof(struct engine_entry), capacity = 2 * reading->capacity + 16;
    struct engine_entry *entry;

    if (reading->count < reading->capacity)
        return true;
    entry = arena_grow(reading->arena, reading->entry, reading->capacity * size, capacity * size);
    if (!entry)
        return arena_fail(reading->arena, reading->err);
    reading->entry = entry;
    reading->capacity = capacity;
    return true;
}

/* Charge an entry, and what was looked at beside the one before. */
static bool pay(struct engine_answer *reading)
{
    const size_t tokens = 1 + reading->unpaid;

    reading->unpaid = 0;
    return work_charge_each(reading->work, tokens, WORK_TOKEN, reading->err);
}

struct engine_entry *engine_answer_add(struct engine_answer *reading, size_t list, size_t at,
                                       const json_t *id, const json_t *log_prob)
{
    struct engine_entry *entry;

    if (!pay(reading) || !grow(reading))
        return NULL;
    entry = &reading->entry[reading->count];
    *entry = (struct engine_entry){.list = list, .at = at, .greedy = ANSWER_UNKNOWN};
    if (!read_id(reading, entry, id) || !read_log_prob(reading, entry, log_prob))
        return NULL;
    reading->count++;
    return entry;
}

/* ---- what is listed beside it ---- */

void rivals_add(struct rivals *rivals, const json_t *log_prob, bool itself)
{
    double value = 0;

    rivals->count++;
    if (itself || !json_number(log_prob, &value) || isnan(value))
        return;
    if (rivals->others++ == 0 || value > rivals->best)
        rivals->best = value;
}

void rivals_judge(struct engine_answer *reading, struct engine_entry *entry,
                  const struct rivals *rivals)
{
    reading->unpaid += rivals->count;
    if (rivals->count > reading->listed)
        reading->listed = rivals->count;
    if (rivals->count == 0 || entry->state != ENTRY_KNOWN)
        return;
    if (rivals->count > 1)
        engine_answer_notice(reading, WARNING_TRUNCATED, entry->list, entry->at);
    if (rivals->others == 0 || entry->log_prob > rivals->best)
        entry->greedy = ANSWER_YES;
    else if (entry->log_prob < rivals->best)
        entry->greedy = ANSWER_NO;
}
