/* fields_compare.c - the members of a request to POST /v1/compare that are its own. */
#include "api/judge.h"

#include <string.h>

bool check_models(const struct judged *judged)
{
    const size_t count = json_array_size(judged->value);

    return check_objects(judged, 1, "two models must be given")
           && (count == 2
               || fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                          "two models are compared, and there are %zu", count));
}

/* A request has sequences, or is one: whichever comes later in the body is at fault. */
static bool check_either(const struct judged *request)
{
    const char *name, *later = NULL;
    json_t *value;

    json_object_foreach(request->value, name, value)
    {
        if (strcmp(name, "sequences") == 0 || strcmp(name, "models") == 0)
            later = name;
    }
    return fail_at(request->err, ERR_CONFLICT, &MEMBER(&request->at, later),
                   "sequences and models at the top level exclude each other");
}

bool check_pair(const struct judged *object)
{
    const bool models = field_value(object->value, FIELD_models) != NULL;
    const bool sequences = object->level == 0 && field_value(object->value, FIELD_sequences);

    if (object->level + 1 == LAYOUT_LEVELS) /* a model */
        return true;
    if (models && sequences)
        return check_either(object);
    return models || sequences
           || fail_at(object->err, ERR_MISSING_MEMBER, &MEMBER(&object->at, "models"), "%s",
                      object->level == 0 ? "sequences are missing, or models of a single one"
                                         : "a sequence needs models");
}
