/* request.h - the head of a request, and the reply to it. */
#ifndef API_EXCHANGE_REQUEST_H
#define API_EXCHANGE_REQUEST_H

#include "api/exchange/endpoint.h"

#include <stdint.h>

#define REQUEST_LENGTH_UNKNOWN UINT64_MAX

/* The head of a request, set by the caller; strings live as long as the exchange. */
struct request {
    const struct route *route;
    enum error_style style; /* of the route, or of what was asked for in its place */
    const char *path;       /* as sent, without the query */
    const char *id;
    int64_t time;                 /* when it came, in seconds since 1970 */
    const char *content_type;     /* NULL: absent */
    const char *content_encoding; /* NULL: absent */
    const char *accept_encoding;  /* NULL: absent */
    const char *inference_header; /* Inference-Header-Content-Length; NULL: absent */
    uint64_t content_length;      /* REQUEST_LENGTH_UNKNOWN: chunked */
};

struct reply {
    unsigned status;
    const char *type; /* media type */
    const char *body;
    size_t length;
    bool compressible;       /* set by an endpoint whose replies may be compressed */
    const char *encoding;    /* of the body; NULL: as it is */
    size_t inference_length; /* Inference-Header-Content-Length; 0: not sent */
};

#endif
