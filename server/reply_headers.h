/* reply_headers.h - the header fields of a reply, but for those that libmicrohttpd adds itself. */
#ifndef SERVER_REPLY_HEADERS_H
#define SERVER_REPLY_HEADERS_H

#include "api/exchange/api.h"

struct reply_headers {
    const struct exchange *x; /* with a reply */
    const char *allow;        /* the methods of the path, for Allow */
    unsigned retry_after;     /* seconds; 0: 1 */
    bool close;               /* the connection ends with this reply */
};

typedef void reply_header_f(void *context, const char *name, const char *value);
void reply_headers_add(const struct reply_headers *reply, reply_header_f *add, void *context);

#endif
