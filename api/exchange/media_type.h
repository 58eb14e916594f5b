/* media_type.h - the media type of a request (Content-Type). */
#ifndef API_EXCHANGE_MEDIA_TYPE_H
#define API_EXCHANGE_MEDIA_TYPE_H

#include "api/exchange/api.h"

#define MEDIA_TYPE_JSON "application/json"

/* Whether a Content-Type (NULL: absent) names a media type; parameters such as charset are
 * ignored. */
bool media_type_is(const char *content_type, const char *media_type);

/* Whether the body is JSON; without a Content-Type it is.  False with x->error set. */
bool media_type_check_json(struct exchange *x);

#endif
