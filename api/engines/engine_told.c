/* engine_told.c - what an engine's answer tells of itself beside its lists. */
#include "api/engines/engine_told.h"

#include "api/base/count_of.h"
#include "api/engines/engine_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MOST_COUNTED 9007199254740992.0 /* 2^53: every count up to it is a double */
/* The value at the first path that has one, below the choice or, if the response has no other
 * answer, below the response. */
static const json_t *value_at(const struct engine_answer *answer, const char *const *paths,
                              size_t count, const char **name)
{
    for (size_t i = 0; i < count && paths[i]; i++) {
        const json_t *value = json_below(answer->choice, paths[i]);

        if ((!value || json_is_null(value)) && answer->only)
            value = json_below(answer->response, paths[i]);
        if (!value || json_is_null(value))
            continue;
        *name = paths[i];
        return value;
    }
    return NULL;
}

size_t engine_told_count(const struct engine_answer *answer, const char *const *paths, size_t count,
                         const char **name)
{
    const json_t *value = value_at(answer, paths, count, name);
    const double number = json_is_number(value) ? json_number_value(value) : -1;

    /* Some languages write 5.0 for a count of 5. */
    return number >= 0 && number <= MOST_COUNTED && number == floor(number) ? (size_t)number
                                                                            : START_UNKNOWN;
}

/* ---- reasons ---- */

#define GEMINI_STOP 1 /* FinishReason.STOP, as a protocol buffer's number */

/* Whether the reason is a stop token or a stop text, in the words of any engine.  Python writes
 * members of an enumeration as "FinishReason.STOP". */
static bool ends_itself(const struct engine_answer *answer)
{
    static const char *const reasons[] = {"stop",       "eos",       "eos_token", "stop_sequence",
                                          "complete",   "completed", "end_turn",  "word",
                                          "stop_token", "stopped"};
    const char *name = NULL, *reason, *point;
    const json_t *value =
        value_at(answer, answer->engine->reason, COUNT(answer->engine->reason), &name);

    if (json_is_integer(value))
        return json_integer_value(value) == GEMINI_STOP;
    reason = json_string_value(json_is_object(value) ? json_object_get(value, "type") : value);
    point = reason ? strrchr(reason, '.') : NULL;
    reason = point ? point + 1 : reason;
    for (size_t i = 0; reason && i < COUNT(reasons); i++)
        if (strcasecmp(reason, reasons[i]) == 0)
            return true;
    return false;
}

/* Whether the message has a text of reasoning. */
static bool has_reasoning(const struct engine_answer *answer)
{
    static const char *const paths[] = {"message/reasoning_content", "message/reasoning"};

    for (size_t i = 0; i < COUNT(paths); i++)
        if (json_string_length(json_below(answer->choice, paths[i])) > 0)
            return true;
    return false;
}

/* Whether the answer has a call of a tool, or an item other than a message. */
static bool has_more(const struct engine_answer *answer)
{
    const json_t *calls = json_below(answer->choice, "message/tool_calls");
    const json_t *items = json_list(answer->response, "output");

    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *type = json_string_value(json_object_get(json_array_get(items, i), "type"));

        if (type && strcmp(type, "message") != 0)
            return true;
    }
    return json_array_size(calls) > 0;
}

bool engine_told_chat(const struct engine_answer *answer)
{
    const char *object = json_string_value(json_object_get(answer->response, "object"));

    return answer->engine->traits & ENGINE_TEMPLATE || (object && strncmp(object, "chat", 4) == 0)
           || json_object_get(answer->choice, "message")
           || json_object_get(answer->choice, "delta");
}

/* ---- counts ---- */

/* The number of ids in a list, if the format has one. */
static size_t count_ids(const struct engine_answer *answer, const struct token_place *place)
{
    const json_t *ids = engine_answer_array(answer, place->ids, NULL);

    return ids ? json_array_size(ids) : START_UNKNOWN;
}

/* Let a list of ids tell what no count tells.  Both must be the same. */
static bool settle(const struct engine_answer *answer, size_t ids, const char *ids_name,
                   size_t *count, const char **name, struct error *err)
{
    if (ids == START_UNKNOWN || ids == *count)
        return true;
    if (*count != START_UNKNOWN)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%zu %s, and %s is %zu: they contradict each other", ids,
                                  ids_name, *name, *count);
    *count = ids;
    *name = ids_name;
    return true;
}

bool engine_told_read(const struct engine_answer *answer, struct engine_told *told,
                      struct error *err)
{
    const struct engine *engine = answer->engine;
    const char *name;
    size_t hidden = 0;

    *told = (struct engine_told){.ends_itself = ends_itself(answer),
                                 .has_reasoning = has_reasoning(answer),
                                 .has_more = has_more(answer) || has_reasoning(answer)};
    told->prompt = engine_told_count(answer, engine->prompt_count, COUNT(engine->prompt_count),
                                     &told->prompt_name);
    told->generated = engine_told_count(answer, engine->generated_count,
                                        COUNT(engine->generated_count), &told->generated_name);
    told->total = engine_told_count(answer, engine->total_count, COUNT(engine->total_count), &name);
    for (size_t i = 0; i < COUNT(engine->unlisted_count); i++) {
        hidden = engine_told_count(answer, engine->unlisted_count + i, 1, &name);
        told->unlisted += hidden == START_UNKNOWN ? 0 : hidden;
    }
    if (told->generated == START_UNKNOWN && told->total >= told->prompt
        && told->total != START_UNKNOWN) {
        told->generated = told->total - told->prompt;
        told->generated_name = "the total less those of the prompt";
    }
    return settle(answer, count_ids(answer, &engine->prompt[0]), engine->prompt[0].ids,
                  &told->prompt, &told->prompt_name, err)
           && settle(answer, count_ids(answer, &engine->generated[0]), engine->generated[0].ids,
                     &told->generated, &told->generated_name, err);
}

bool engine_told_check(struct engine_answer *answer, const struct engine_told *told, size_t listed,
                       struct error *err)
{
    const size_t missing = told->generated - listed;
    const struct engine_entry *last = answer->count > 0 ? &answer->entry[answer->count - 1] : NULL;
    const size_t list = last ? last->list : NO_LIST, at = last ? last->at : 0;

    if (told->generated == START_UNKNOWN || listed == told->generated)
        return true;
    if (listed < told->generated && missing == 1 && told->ends_itself) {
        engine_answer_notice(answer, WARNING_STOP, list, at);
        return true;
    }
    if (listed < told->generated
        && (told->has_more || (told->unlisted > 0 && missing <= told->unlisted + 1))) {
        engine_answer_notice_many(answer, WARNING_LEFT_OUT, missing, list, at);
        return true;
    }
    return engine_answer_fail(
        answer, NO_LIST, 0, ERR_BAD_COUNT, err,
        "%zu tokens are listed as generated, and %s is %zu: the answer is not "
        "whole",
        listed, told->generated_name, told->generated);
}

/* ---- sums ---- */

#define ROUNDED 1e-3  /* what printing few decimals changes */
#define ROUNDING 1e-5 /* what adding in single precision changes */

static bool check_sum(const struct engine_answer *answer, const char *const *paths, double computed,
                      const char *what, struct error *err)
{
    const char *name = NULL;
    const json_t *value = value_at(answer, paths, COUNT(answer->engine->sum), &name);
    char there[NUMBER_MAX + 1], here[NUMBER_MAX + 1];
    double told;

    if (!value || !json_number(value, &told) || isnan(told)
        || fabs(told - computed) <= ROUNDED + ROUNDING * fabs(computed))
        return true;
    return engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                              "%s is %s, and the %s of the listed log-probabilities is %s: "
                              "the answer is not whole",
                              name, number_text(told, there), what, number_text(computed, here));
}

bool engine_told_sums(const struct engine_answer *answer, size_t from, struct error *err)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = from; i < answer->count; i++) {
        if (i == 0 && answer->entry[0].state != ENTRY_KNOWN)
            continue;
        if (answer->entry[i].state != ENTRY_KNOWN || !isfinite(answer->entry[i].log_prob))
            return true;
        sum += answer->entry[i].log_prob;
        count++;
    }
    return count == 0
           || (check_sum(answer, answer->engine->sum, sum, "sum", err)
               && check_sum(answer, answer->engine->mean, sum / (double)count, "mean", err));
}
