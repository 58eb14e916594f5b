/* request.h - the head of a request, and the reply. */
#ifndef API_EXCHANGE_REQUEST_H
#define API_EXCHANGE_REQUEST_H

#include "api/exchange/endpoint.h"

#include <stdint.h>

#define REQUEST_LENGTH_UNKNOWN UINT64_MAX

/* The head of a request.  The caller sets it; its strings live as long as the exchange. */
struct request {
    const struct route *route;
    enum error_style style;       /* of the route; for an unknown path, of the routes nearby */
    const char *path;             /* as sent, without the query */
    const char *id;               /* the request's id, for the log and the reply */
    int64_t time;                 /* when it arrived, in seconds since 1970 */
    const char *content_type;     /* NULL: absent */
    const char *content_encoding; /* NULL: absent */
    const char *accept;           /* NULL: absent */
    const char *accept_encoding;  /* NULL: absent */
    const char *if_none_match;    /* NULL: absent */
    const char *inference_header; /* Inference-Header-Content-Length; NULL: absent */
    uint64_t content_length;      /* REQUEST_LENGTH_UNKNOWN: chunked */
};

/* The reply; its strings live until exchange_release(). */
struct reply {
    unsigned status;
    const char *type; /* media type */
    const char *body;
    size_t length;
    bool compressible;    /* set by an endpoint: it may be compressed */
    const char *encoding; /* Content-Encoding; NULL: not compressed */
    const char *tag;    /* ETag: the reply may be kept, and is asked for again; NULL: it may not */
    const char *varies; /* Vary; NULL: Accept-Encoding where it is compressible */
    const char *policy; /* Content-Security-Policy; NULL: none */
    size_t inference_length; /* Inference-Header-Content-Length; 0: not sent */
};

#endif
