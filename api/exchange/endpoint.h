/* endpoint.h - what answers a route, and a row of the table of routes (server/routes.c). */
#ifndef API_EXCHANGE_ENDPOINT_H
#define API_EXCHANGE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
typedef bool endpoint_begin_f(struct exchange *x);
typedef bool endpoint_feed_f(struct exchange *x, const char *chunk, size_t length);
typedef void endpoint_finish_f(struct exchange *x);

struct endpoint {
    endpoint_begin_f *begin; /* NULL: nothing to check */
    endpoint_feed_f *feed;   /* NULL: the body is swallowed */
    endpoint_finish_f *finish;
};

/* Whose conventions a route follows: what its errors look like (error_reply.c). */
enum error_style {
    STYLE_NATIVE, /* application/problem+json, RFC 9457 */
    STYLE_OIP,    /* the Open Inference Protocol: {"error":"text"}, and 400 for every bad tensor */
    STYLE_OPENAI, /* {"error":{"message","type","param","code"}} */
    STYLE_COUNT
};

/* A row of the table of routes (server/routes.c). */
struct route {
    const char *method; /* GET also answers HEAD */
    const char *path;   /* or a pattern of paths (url_pattern.h) */
    enum error_style style;
    const struct endpoint *endpoint;
    bool open;  /* answered without an API key */
    bool probe; /* of the server itself: answered past --max-in-flight and while the server shuts
                   down, and logged at debug level */
    const char *summary; /* NULL: another spelling of the route above, in no document */
};

#endif
