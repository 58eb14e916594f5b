/* fields_output.c - the members of a request that hold what a model said. */
#include "api/engine.h"
#include "api/judge.h"
#include "api/nearest.h"

#include <string.h>

/* The members of an encoded tensor. */
static bool check_tensor(const struct judged *judged)
{
    static const char *const names[] = {"dtype", "shape", "data", NULL};
    const char *name;
    json_t *value;

    json_object_foreach(judged->value, name, value)
    {
        const struct place at = MEMBER(&judged->at, name);
        struct judged member = *judged;

        member.value = value;
        member.at = at;
        if (!nearest_known(names, name))
            return fail_at(judged->err, ERR_UNKNOWN_MEMBER, &at,
                           "is not known; the nearest member is %s", nearest_find(names, name));
        if (strcmp(name, "dtype") == 0 && !check_string(&member))
            return false;
        if (strcmp(name, "shape") == 0
            && !check_each(&member, "an array of two counts", check_count))
            return false;
        if (strcmp(name, "data") == 0 && !envelope_span(judged->envelope, SPAN_DATA, judged->owner))
            return must_be(&member, false, "a string, base64");
    }
    return true;
}

bool check_logits(const struct judged *judged)
{
    if (json_is_object(judged->value))
        return check_tensor(judged);
    return must_be(judged,
                   json_is_integer(judged->value)
                       && envelope_span(judged->envelope, SPAN_LOGITS, judged->owner),
                   "an array of rows, or an object with dtype, shape and data");
}

bool fields_check_output(json_t *value, const struct place *at, size_t owner,
                         struct envelope *envelope, struct error *err)
{
    const struct judged judged = {value, *at, envelope, owner, 0, NULL, err};

    return check_logits(&judged);
}

bool check_logprobs(const struct judged *judged)
{
    return must_be(judged,
                   json_is_integer(judged->value)
                       && envelope_span(judged->envelope, SPAN_LOGPROBS, judged->owner),
                   "an array of log-probabilities");
}

bool check_shape(const struct judged *judged)
{
    return check_each(judged, "an array of counts", check_count)
           && (judged->envelope->has_parts
               || fail_at(judged->err, ERR_UNKNOWN_MEMBER, &judged->at,
                          "is about a file of raw numbers, which comes as multipart/form-data"));
}

bool check_outputs(const struct judged *judged)
{
    const json_t *value = judged->value;

    return must_be(judged, json_is_object(value) || json_is_array(value) || json_is_string(value),
                   "the answer of an engine, an object (or a list of them, or base64 text)");
}

bool check_format(const struct judged *judged)
{
    const char *name = json_string_value(judged->value);

    return one_of(judged, name && (strcmp(name, "auto") == 0 || engine_find(name)),
#define ENGINE(name, first, second, count, ask, help) " " #name
                  "the formats: auto"
#include "api/engine.def"
    );
}
