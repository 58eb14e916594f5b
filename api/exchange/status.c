/* status.c - maps errors to HTTP statuses. */
#include "api/exchange/status.h"

/* There is no default, so the compiler reports a code without a status. */
unsigned status_of(enum error_code code)
{
    switch (code) {
    case ERR_NONE:
        return 200;
    case ERR_BAD_JSON:
    case ERR_DUPLICATE_NAME:
    case ERR_BAD_SHAPE:
    case ERR_UNKNOWN_MEMBER:
    case ERR_MISSING_MEMBER:
    case ERR_UNSUPPORTED:
    case ERR_CONFLICT:
    case ERR_BAD_MULTIPART:
    case ERR_BAD_REQUEST:
    case ERR_BAD_ENCODING:
        return 400;
    case ERR_UNAUTHORIZED:
        return 401;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_BAD_METHOD:
        return 405;
    case ERR_TIMEOUT:
        return 408;
    case ERR_TOO_LARGE:
    case ERR_TOO_MUCH_WORK:
        return 413;
    case ERR_URI_TOO_LONG:
        return 414;
    case ERR_MEDIA_TYPE:
        return 415;
    case ERR_EXPECTATION:
        return 417;
    case ERR_OUT_OF_RANGE:
    case ERR_BAD_COUNT:
    case ERR_BAD_ROW:
    case ERR_BAD_DATA:
    case ERR_OUTPUTS:
    case ERR_NOT_OF_THE_PROMPT:
    case ERR_NEEDS_LOGITS:
    case ERR_AFTER_LOGITS:
    case ERR_NO_OBJECTIVE:
        return 422;
    case ERR_TOO_MANY:
        return 429;
    case ERR_HEAD_TOO_LARGE:
        return 431;
    case ERR_NO_MEMORY:
    case ERR_CANCELLED:
    case ERR_DRAINING:
        return 503;
    case ERR_INTERNAL:
    case ERR_COUNT:
        break;
    }
    return 500;
}

unsigned status_in(enum error_style style, enum error_code code)
{
    const unsigned status = status_of(code);

    return style == STYLE_OIP && status == 422 ? 400 : status;
}
