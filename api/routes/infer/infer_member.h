/* infer_member.h - members of JSON objects, by the Open Inference Protocol. */
#ifndef API_ROUTES_INFER_INFER_MEMBER_H
#define API_ROUTES_INFER_INFER_MEMBER_H

#include "api/json/dom.h"

/* A member of an object.  NULL: it is absent or null.  The JSON of protobuf has null for a member
 * that is not set. */
static inline json_t *infer_member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

#endif
