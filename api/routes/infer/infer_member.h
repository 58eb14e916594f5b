/* infer_member.h - a member of the JSON of the Open Inference Protocol. */
#ifndef API_ROUTES_INFER_INFER_MEMBER_H
#define API_ROUTES_INFER_INFER_MEMBER_H

#include "api/json/dom.h"

/* A member of an object; NULL where it is absent, or null: so protobuf's JSON writes what is not
 * set. */
static inline json_t *infer_member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

#endif
