/* fields_rank.c - checks of the members that only POST /v1/rank takes. */
#include "api/members/field_checks.h"

#include <string.h>

bool check_questions(const struct check_context *context)
{
    return check_objects(context, 0, "at least one question must be given");
}

bool check_choices(const struct check_context *context)
{
    return check_objects(context, 1, "at least one choice must be given");
}

bool check_gold(const struct check_context *context)
{
    if (!json_is_array(context->value))
        return must_be(context, json_is_integer(context->value),
                       "the index of a choice, or an array of them")
               && check_count(context);
    return check_each(context, "an array of indices", check_count)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one index must be given"));
}

bool check_unconditional(const struct check_context *context)
{
    const json_t *value = context->value;

    if (json_is_string(value) && strcmp(json_string_value(value), "-Infinity") == 0)
        return true;
    return must_be(context, json_is_number(value), "a log-probability, a number or \"-Infinity\"")
           && in_range(context, json_number_value(value) <= 0, "at most 0");
}

static bool check_index(const struct json_place *at, const json_t *index, size_t count,
                        struct error *err)
{
    return (uint64_t)json_integer_value(index) < count
           || fail_at(err, ERR_OUT_OF_RANGE, at,
                      "%" JSON_INTEGER_FORMAT " is not below the %zu choices",
                      json_integer_value(index), count);
}

/* The indices in `gold`, the question's own or the default, must be below the number of choices.
 * At most that many indices are visited, since a default list is checked again for each
 * question. */
bool check_question(const struct check_context *question)
{
    const size_t count = json_array_size(field_value(question->value, FIELD_choices));
    const json_t *own = field_value(question->value, FIELD_gold);
    const json_t *gold = own ? own : field_value(question->body->tree, FIELD_gold);
    const struct json_place root = ROOT, at = MEMBER(own ? &question->at : &root, "gold");

    if (gold && !json_is_array(gold))
        return check_index(&at, gold, count, question->err);
    for (size_t i = 0; i < json_array_size(gold) && i < count; i++)
        if (!check_index(&ELEMENT(&at, i), json_array_get(gold, i), count, question->err))
            return false;
    return json_array_size(gold) <= count
           || fail_at(question->err, ERR_BAD_COUNT, &at, "%zu right ones of %zu choices",
                      json_array_size(gold), count);
}
