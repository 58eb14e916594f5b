/* fields_corpus.c - checks of the members for corpora: counts and bootstrap. */
#include "core/measure.h"

#include "api/members/field_checks.h"

/* ---- counts ---- */

static bool check_size(const struct check_context *context)
{
    const json_int_t count = json_integer_value(context->value);

    if (!json_is_integer(context->value))
        return fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be a count, an integer");
    return (count >= 0 && count <= SIZE_MAX_COUNT)
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is not in [0, %" JSON_INTEGER_FORMAT "]", count,
                      SIZE_MAX_COUNT);
}

/* A character has 1 to 4 bytes in UTF-8. */
static bool check_bytes(const struct check_context *context, const char *const *names)
{
    const json_t *characters = json_object_get(context->value, names[0]);
    const json_t *bytes = json_object_get(context->value, names[1]);
    const json_int_t most = 4 * json_integer_value(characters);

    return !characters || !bytes
           || (json_integer_value(bytes) >= json_integer_value(characters)
               && json_integer_value(bytes) <= most)
           || fail_at(context->err, ERR_BAD_COUNT, &context->at,
                      "%" JSON_INTEGER_FORMAT " characters do not make %" JSON_INTEGER_FORMAT
                      " bytes of UTF-8: each is 1 to 4 of them",
                      json_integer_value(characters), json_integer_value(bytes));
}

bool check_counts(const struct check_context *context)
{
    const char *const names[] = {unit_name(UNIT_CHARACTERS), unit_name(UNIT_BYTES),
                                 unit_name(UNIT_WORDS), NULL};
    static check_f *const checks[] = {check_size, check_size, check_size};

    return must_be(context, json_is_object(context->value), "an object of counts")
           && check_named(context, names, checks) && check_bytes(context, names);
}

/* ---- bootstrap ---- */

static bool check_samples(const struct check_context *context)
{
    const json_int_t samples = json_integer_value(context->value);

    if (!json_is_integer(context->value))
        return fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be an integer");
    return (samples >= 1 && samples <= BOOTSTRAP_MAX_SAMPLES)
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is not in [1, %d]", samples, BOOTSTRAP_MAX_SAMPLES);
}

static bool check_seed(const struct check_context *context)
{
    if (!json_is_integer(context->value))
        return fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be an integer");
    return json_integer_value(context->value) >= 0
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is below 0", json_integer_value(context->value));
}

static bool check_level(const struct check_context *context)
{
    const double level = json_number_value(context->value);

    if (!json_is_number(context->value))
        return fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be a number");
    return (level > 0 && level < 1)
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "must be above 0 and below 1");
}

bool check_bootstrap(const struct check_context *context)
{
    static const char *const names[] = {"samples", "seed", "level", NULL};
    static check_f *const checks[] = {check_samples, check_seed, check_level};

    return must_be(context, json_is_object(context->value),
                   "an object with samples, seed and level")
           && check_named(context, names, checks);
}
