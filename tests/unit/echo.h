/* echo.h - an endpoint that keeps what it is fed and answers with it. */
#ifndef TESTS_UNIT_ECHO_H
#define TESTS_UNIT_ECHO_H

#include "api/exchange/api.h"

#include <stdlib.h>
#include <string.h>

#define ECHO_ROOM ((size_t)4 << 20)

static struct {
    char data[ECHO_ROOM]; /* the first bytes of the body */
    size_t length;        /* all of it */
    size_t memory;        /* the most that the exchange held */
    bool compressible;
} echo;

static bool echo_begin(struct exchange *x)
{
    echo.length = echo.memory = 0;
    x->reply.compressible = echo.compressible;
    return true;
}

static bool echo_feed(struct exchange *x, const char *chunk, size_t length)
{
    const size_t room = echo.length < ECHO_ROOM ? ECHO_ROOM - echo.length : 0;

    memcpy(echo.data + (room > 0 ? echo.length : 0), chunk, length < room ? length : room);
    echo.length += length;
    echo.memory = x->arena.used > echo.memory ? x->arena.used : echo.memory;
    return true;
}

static void echo_finish(struct exchange *x)
{
    x->reply.status = 200;
    x->reply.type = "text/plain";
    x->reply.body = echo.data;
    x->reply.length = echo.length < ECHO_ROOM ? echo.length : ECHO_ROOM;
}

static const struct endpoint echo_endpoint = {echo_begin, echo_feed, echo_finish};
static const struct route echo_route = {
    .method = "POST", .path = "/echo", .endpoint = &echo_endpoint, .open = true};

/* One request, fed in a piece of `first` bytes (if not 0) and then pieces of `step`. */
static inline void echo_post(struct exchange *x, const struct api *api, const char *encoding,
                             const void *body, size_t length, size_t first, size_t step)
{
    size_t chunk;
    bool good;

    exchange_init(x, api);
    x->request.id = "test";
    x->request.route = &echo_route;
    x->request.content_encoding = encoding;
    good = exchange_begin(x);
    for (size_t at = 0; good && at < length; at += chunk) {
        chunk = at == 0 && first > 0 ? first : step;
        chunk = chunk < length - at ? chunk : length - at;
        good = exchange_feed(x, (const char *)body + at, chunk);
    }
    if (good)
        exchange_finish(x);
    else
        exchange_fail(x);
}

#endif
