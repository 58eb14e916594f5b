/* endpoint.h - the callbacks of a route, and a row of the table of routes (server/routes.c). */
#ifndef API_EXCHANGE_ENDPOINT_H
#define API_EXCHANGE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
typedef bool endpoint_begin_f(struct exchange *x);
typedef bool endpoint_feed_f(struct exchange *x, const char *chunk, size_t length);
typedef void endpoint_finish_f(struct exchange *x);

/* The callbacks of a route (api.h).  The first two return false with x->error set. */
struct endpoint {
    endpoint_begin_f *begin; /* NULL: nothing to do */
    endpoint_feed_f *feed;   /* NULL: the body is ignored */
    endpoint_finish_f *finish;
};

/* The format of a route's errors (error_reply.c). */
enum error_style {
    STYLE_NATIVE, /* application/problem+json, RFC 9457 */
    STYLE_OIP,    /* the Open Inference Protocol: {"error":"text"}; 400 in place of 422 */
    STYLE_OPENAI, /* {"error":{"message","type","param","code"}} */
    STYLE_COUNT
};

/* A row of the table of routes (server/routes.c). */
struct route {
    const char *method; /* GET also answers HEAD */
    const char *path;   /* a path, or a pattern of paths (url_pattern.h) */
    enum error_style style;
    const struct endpoint *endpoint;
    bool open;  /* no API key is needed */
    bool probe; /* a probe of the server: answered beyond --max-in-flight and during shutdown,
                   logged at level debug */
    const char *summary; /* for documents; NULL: an alias of the row above, not documented */
};

#endif
