/* media_type.h - what the Content-Type of a request says. */
#ifndef API_EXCHANGE_MEDIA_TYPE_H
#define API_EXCHANGE_MEDIA_TYPE_H

#include "api/exchange/api.h"

#define MEDIA_TYPE_JSON "application/json"

/* Whether a Content-Type names a media type; parameters such as a charset do not matter. */
bool media_type_is(const char *content_type, const char *media_type);

/* Whether the body is JSON, as one without a Content-Type is; else x->error. */
bool media_type_check_json(struct exchange *x);

#endif
