/* fields_output.c - checks of the members that hold model outputs. */
#include "api/members/field_checks.h"

#include "api/base/nearest.h"

#include <string.h>

static bool check_tensor_shape(const struct check_context *context)
{
    return check_each(context, "an array of two counts", check_count);
}

static bool check_data(const struct check_context *context)
{
    return body_span(context->body, SPAN_DATA, context->owner)
           || must_be(context, false, "a string, base64");
}

/* Check an encoded tensor. */
static bool check_tensor(const struct check_context *context)
{
    static const char *const names[] = {"dtype", "shape", "data", NULL};
    static check_f *const checks[] = {check_string, check_tensor_shape, check_data};

    return check_named(context, names, checks);
}

bool check_logits(const struct check_context *context)
{
    if (json_is_object(context->value))
        return check_tensor(context);
    return must_be(context,
                   json_is_integer(context->value)
                       && body_span(context->body, SPAN_LOGITS, context->owner),
                   "an array of rows, or an object with dtype, shape and data");
}

bool check_logprobs(const struct check_context *context)
{
    const json_t *value = context->value;
    const bool given =
        json_is_integer(value) && body_span(context->body, SPAN_LOGPROBS, context->owner);

    if (!given && (json_is_number(value) || json_is_boolean(value)))
        return must_be(context, false,
                       "an array of log-probabilities (for the most likely tokens of each place "
                       "give details, as in [\"top:5\"])");
    return must_be(context, given || !json_is_object(value),
                   "an array of log-probabilities (an engine's answer goes whole into outputs)")
           && must_be(context, given, "an array of log-probabilities");
}

bool check_shape(const struct check_context *context)
{
    return check_each(context, "an array of counts", check_count)
           && (context->body->has_parts
               || fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                          "is about a file of raw numbers, which comes as multipart/form-data"));
}

bool check_padding(const struct check_context *context)
{
    const char *side = json_string_value(context->value);

    return one_of(context, side && (strcmp(side, "right") == 0 || strcmp(side, "left") == 0),
                  "right, left")
           && (context->body->has_parts
               || fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                          "is about a file of [B, T, V], which comes as multipart/form-data: here "
                          "attention_mask tells what is padding"));
}

bool check_outputs(const struct check_context *context)
{
    const json_t *value = context->value;

    return must_be(context, json_is_object(value) || json_is_array(value) || json_is_string(value),
                   "the answer of an engine, an object (or a list of them, or base64 text)");
}

bool check_format(const struct check_context *context)
{
    static const char *const formats[] = {"auto",
#define FORMAT(name, ...) #name,
#include "api/members/formats.def"
                                          NULL};
    static const char said[] = "the formats: auto"
#define FORMAT(name, ...) " " #name
#include "api/members/formats.def"
        ;
    const char *name = json_string_value(context->value);

    return one_of(context, name && nearest_known(formats, name), said);
}

bool check_generated(const struct check_context *context)
{
    static const char *const choices[] = {"auto", "score", "drop", NULL};
    const char *name = json_string_value(context->value);

    return one_of(context, name && nearest_known(choices, name), "auto, score, drop");
}
