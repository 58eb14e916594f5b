/* media_type.c - the media type of a request. */
#include "api/exchange/media_type.h"

#include <string.h>
#include <strings.h>

bool media_type_is(const char *content_type, const char *media_type)
{
    const size_t length = strlen(media_type);

    content_type += strspn(content_type, " \t");
    return strncasecmp(content_type, media_type, length) == 0
           && strchr("; \t", content_type[length]);
}

bool media_type_check_json(struct exchange *x)
{
    const char *type = x->request.content_type;

    return !type || media_type_is(type, MEDIA_TYPE_JSON)
           || error_set(&x->error, ERR_MEDIA_TYPE, "",
                        "Content-Type %.64s is not supported; this is: " MEDIA_TYPE_JSON, type);
}
