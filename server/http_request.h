/* http_request.h - what libmicrohttpd calls for a request, and the calls that are made of it.
 *
 * Only server/http*.c includes this, and thereby <microhttpd.h>. */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include "server/server.h"

#include <microhttpd.h>

/* libmicrohttpd's memory pool of a connection, for a head and that of its answer; a head that does
 * not fit the library answers 431.  Half of it is what is read of a body at a time; all of it is
 * cleared for each request. */
#define HTTP_POOL ((size_t)96 << 10)

/* The context of the callbacks. */
struct http_shared {
    struct server *server;
    struct MHD_Response *no_memory[STYLE_COUNT]; /* for a call that could not be made */
};

/* False where memory is missing; http_shared_release() in any case. */
bool http_shared_init(struct http_shared *shared, struct server *server);
void http_shared_release(struct http_shared *shared);

/* MHD_OPTION_URI_LOG_CALLBACK, the handler of requests, MHD_OPTION_NOTIFY_COMPLETED.  The context
 * of a socket must be its struct connection, or NULL. */
void *http_on_target(void *context, const char *target, struct MHD_Connection *mhd);
enum MHD_Result http_on_request(void *context, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *chunk,
                                size_t *size, void **state);
void http_on_completed(void *context, struct MHD_Connection *mhd, void **state,
                       enum MHD_RequestTerminationCode how);

#endif
