/* fields_rank.c - checks of the members that only POST /v1/rank takes. */
#include "api/members/calibration_options.h"
#include "api/members/field_checks.h"
#include "api/members/gold.h"
#include "api/members/registered.h"

#include <string.h>

bool check_questions(const struct check_context *context)
{
    return check_part(context, "at least one question must be given");
}

bool check_choices(const struct check_context *context)
{
    return check_part(context, "at least one choice must be given");
}

static bool check_right(const struct check_context *context)
{
    return must_be(context, json_is_integer(context->value) || json_is_string(context->value),
                   "the index of a choice or its id");
}

bool check_gold(const struct check_context *context)
{
    if (!json_is_array(context->value))
        return must_be(context, json_is_integer(context->value) || json_is_string(context->value),
                       "the index of a choice or its id, or an array of them");
    return check_each(context, "an array of indices or ids", check_right)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one choice must be named"));
}

bool check_label_ids(const struct check_context *context)
{
    if (!json_is_array(context->value))
        return must_be(context, json_is_integer(context->value),
                       "a token id, an integer, or an array of them")
               && check_count(context);
    return check_ids(context)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one id must be given"));
}

bool check_label_texts(const struct check_context *context)
{
    if (!json_is_array(context->value))
        return must_be(context, json_is_string(context->value),
                       "a text, or an array of texts that mean the same");
    return check_each(context, "an array of texts", check_string)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one text must be given"));
}

bool check_unlisted(const struct check_context *context)
{
    const char *name = json_string_value(context->value);

    return one_of(context, name && (strcmp(name, "refuse") == 0 || strcmp(name, "floor") == 0),
                  "refuse, floor");
}

bool check_unconditional(const struct check_context *context)
{
    const json_t *value = context->value;

    if (json_is_string(value) && strcmp(json_string_value(value), "-Infinity") == 0)
        return true;
    return must_be(context, json_is_number(value), "a log-probability, a number or \"-Infinity\"")
           && in_range(context, json_number_value(value) <= 0, "at most 0");
}

/* ---- calibration ---- */

static bool check_by(const struct check_context *context)
{
    return check_registered(context, REGISTRY_normalisations);
}

static bool check_bins(const struct check_context *context)
{
    const json_int_t bins = json_integer_value(context->value);

    return check_integer(context, 1, "an integer")
           && (bins <= CALIBRATION_MAX_BINS
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "%" JSON_INTEGER_FORMAT " is above %d", bins, CALIBRATION_MAX_BINS));
}

static bool check_scheme(const struct check_context *context)
{
    return check_registered(context, REGISTRY_schemes);
}

bool check_calibration(const struct check_context *context)
{
    static const char *const names[] = {"by", "bins", "scheme", "curve", NULL};
    static check_f *const checks[] = {check_by, check_bins, check_scheme, check_boolean};

    return must_be(context, json_is_object(context->value),
                   "an object with by, bins, scheme and curve")
           && check_named(context, names, checks);
}

/* `gold`, the question's own or the default, must name choices. */
bool check_question(const struct check_context *question)
{
    const json_t *own = field_value(question->value, FIELD_gold);
    const json_t *gold = own ? own : field_value(question->body->tree, FIELD_gold);
    const struct json_place root = ROOT, at = MEMBER(own ? &question->at : &root, "gold");

    return !gold
           || gold_mark(gold, field_value(question->value, FIELD_choices), &at, NULL,
                        question->body->dom->arena, question->err);
}
