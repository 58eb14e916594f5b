/* fields_score.c - checks of the members of POST /v1/score, other than model outputs. */
#include "api/members/field_checks.h"

#include "core/dtype.h"
#include "core/loss.h"
#include "core/objectives.h"

#include "api/members/fields.h"
#include "api/members/registered.h"

#include <stdio.h>
#include <string.h>

bool check_id(const struct check_context *context)
{
    return must_be(context, json_is_string(context->value) || json_is_integer(context->value),
                   "a string or an integer");
}

bool check_boolean(const struct check_context *context)
{
    return must_be(context, json_is_boolean(context->value), "true or false");
}

static bool check_token_id(const struct check_context *context)
{
    return check_integer(context, 0, "a token id, an integer");
}

bool check_ids(const struct check_context *context)
{
    return must_be(context, !json_is_string(context->value),
                   "an array of token ids (there is no tokenizer here)")
           && check_entries(context, "an array of token ids", check_token_id);
}

/* A mask of floats, as PyTorch's float() makes it, has 1.0 and 0.0. */
static bool check_flag(const struct check_context *context)
{
    return json_is_boolean(context->value) || json_real_value(context->value) == 1
           || (json_is_real(context->value) && json_real_value(context->value) == 0)
           || (check_integer(context, 0, "0 or 1, or true or false")
               && (json_integer_value(context->value) <= 1
                   || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at, "must be 0 or 1")));
}

bool check_flags(const struct check_context *context)
{
    return check_entries(context, "an array of 0 and 1", check_flag);
}

/* Where documents that stand end to end begin, and where the last one ends. */
bool check_cu_seqlens(const struct check_context *context)
{
    const json_t *list = context->value;

    if (!check_each(context, "an array of counts", check_count))
        return false;
    if (json_array_size(list) == 0)
        return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                       "at least one document must be told, as in [0, 5]");
    if (json_integer_value(json_array_get(list, 0)) != 0)
        return fail_at(context->err, ERR_BAD_COUNT, &context->at,
                       "the first document begins at 0, not at %lld",
                       (long long)json_integer_value(json_array_get(list, 0)));
    for (size_t i = 1; i < json_array_size(list); i++)
        if (json_integer_value(json_array_get(list, i))
            <= json_integer_value(json_array_get(list, i - 1)))
            return fail_at(context->err, ERR_OUT_OF_RANGE, &ELEMENT(&context->at, i),
                           "is not above the entry before it: a document has at least one token");
    return true;
}

bool check_prompt_length(const struct check_context *context)
{
    const bool packs = context->schema->member[FIELD_cu_seqlens].scope != SCOPE_NOWHERE;

    return packs && json_is_array(context->value)
               ? check_each(context, "an array of counts", check_count)
               : check_count(context);
}

static bool check_label(const struct check_context *context)
{
    return must_be(context, json_is_integer(context->value), "a token id or -100");
}

bool check_labels(const struct check_context *context)
{
    return check_entries(context, "an array of token ids and -100", check_label);
}

#define RANGE(name, schema, zero, least, edge, most, beyond)                                       \
    bool check_in_##name(const struct check_context *context)                                      \
    {                                                                                              \
        return check_range(context, RANGE_##name);                                                 \
    }
#include "api/members/ranges.def"

bool check_temperatures(const struct check_context *context)
{
    const size_t count = json_array_size(context->value);

    if (!json_is_array(context->value))
        return check_in_temperature(context);
    if (count == 0 || count > TEMPERATURES_MAX)
        return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                       "has %zu temperatures, and 1 to %d may be given", count, TEMPERATURES_MAX);
    return check_each(context, "an array of numbers", check_in_temperature);
}

bool check_weights(const struct check_context *context)
{
    return check_entries(context, "an array of numbers", check_in_weights);
}

bool check_kept_count(const struct check_context *context)
{
    return check_integer(context, 1, "an integer");
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

bool check_alignment(const struct check_context *context)
{
    return one_of(context, is_text(context->value, "next") || is_text(context->value, "same"),
                  "next, same");
}

static bool check_dtype_name(const struct check_context *context, bool decimal)
{
    const char *name = json_string_value(context->value), *why = name ? dtype_unread(name) : "";
    enum dtype dtype = DTYPE_F32;
    const bool good = name && dtype_find(name, &dtype);
    char choices[160];

    snprintf(choices, sizeof choices, "%s%s%s",
             decimal ? "f32, f64 (which decimal numbers are read as)" : "f64, f32, f16, bf16",
             *why ? ": " : "", why);
    return one_of(context, good && (!decimal || dtype_size(dtype) >= 4), choices);
}

bool check_dtype(const struct check_context *context)
{
    return check_dtype_name(context, !context->body->has_parts);
}

bool check_smoothing(const struct check_context *context)
{
    return check_registered(context, REGISTRY_smoothings);
}

static const char objectives[] = "the objectives:"
#define OBJECTIVE(name) " " #name
#include "core/objectives.def"
    ;

static bool check_objective(const struct check_context *context)
{
    enum objective_id id;

    return one_of(context,
                  json_is_string(context->value)
                      && objective_find(json_string_value(context->value), &id),
                  objectives);
}

bool check_objectives(const struct check_context *context)
{
    return check_each(context, "an array of names", check_objective)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one must be named"));
}

bool check_windows(const struct check_context *context)
{
    return check_part(context, "at least one window must be given");
}

bool check_sequences(const struct check_context *context)
{
    return check_part(context, "at least one sequence must be given");
}
