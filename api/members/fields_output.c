/* fields_output.c - the members of a request that hold what a model said. */
#include "api/base/nearest.h"
#include "api/engines/engine.h"
#include "api/members/check_context.h"

#include <string.h>

/* The members of an encoded tensor. */
static bool check_tensor(const struct check_context *context)
{
    static const char *const names[] = {"dtype", "shape", "data", NULL};
    const char *name;
    json_t *value;

    json_object_foreach(context->value, name, value)
    {
        const struct json_place at = MEMBER(&context->at, name);
        struct check_context member = *context;

        member.value = value;
        member.at = at;
        if (!nearest_known(names, name))
            return fail_at(context->err, ERR_UNKNOWN_MEMBER, &at,
                           "is not known; the nearest member is %s", nearest_find(names, name));
        if (strcmp(name, "dtype") == 0 && !check_string(&member))
            return false;
        if (strcmp(name, "shape") == 0
            && !check_each(&member, "an array of two counts", check_count))
            return false;
        if (strcmp(name, "data") == 0
            && !envelope_span(context->envelope, SPAN_DATA, context->owner))
            return must_be(&member, false, "a string, base64");
    }
    return true;
}

bool check_logits(const struct check_context *context)
{
    if (json_is_object(context->value))
        return check_tensor(context);
    return must_be(context,
                   json_is_integer(context->value)
                       && envelope_span(context->envelope, SPAN_LOGITS, context->owner),
                   "an array of rows, or an object with dtype, shape and data");
}

bool fields_check_output(json_t *value, const struct json_place *at, size_t owner,
                         struct envelope *envelope, struct error *err)
{
    const struct check_context context = {value, *at, envelope, owner, 0, NULL, err};

    return check_logits(&context);
}

bool check_logprobs(const struct check_context *context)
{
    return must_be(context,
                   json_is_integer(context->value)
                       && envelope_span(context->envelope, SPAN_LOGPROBS, context->owner),
                   "an array of log-probabilities");
}

bool check_shape(const struct check_context *context)
{
    return check_each(context, "an array of counts", check_count)
           && (context->envelope->has_parts
               || fail_at(context->err, ERR_UNKNOWN_MEMBER, &context->at,
                          "is about a file of raw numbers, which comes as multipart/form-data"));
}

bool check_outputs(const struct check_context *context)
{
    const json_t *value = context->value;

    return must_be(context, json_is_object(value) || json_is_array(value) || json_is_string(value),
                   "the answer of an engine, an object (or a list of them, or base64 text)");
}

bool check_format(const struct check_context *context)
{
    const char *name = json_string_value(context->value);

    return one_of(context, name && (strcmp(name, "auto") == 0 || engine_find(name)),
#define ENGINE(name, first, second, count, ask, help) " " #name
                  "the formats: auto"
#include "api/engines/engines.def"
    );
}
