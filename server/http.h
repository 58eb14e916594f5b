/* http.h - libmicrohttpd: threads that read requests and send replies.
 *
 * There are N daemons of one thread each.  libmicrohttpd's own pool lets its threads race for new
 * connections and was seen to give four connections to one thread; so the acceptor hands each
 * connection to the daemon that has the fewest. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "server/server.h"

struct http;

#define HTTP_ERROR_SIZE 384

/* Start `threads` daemons.  NULL, with the reason, where one cannot start. */
struct http *http_start(struct server *server, unsigned threads, char error[HTTP_ERROR_SIZE]);

/* Whether there is room for one more connection from an address.  False, with the reason. */
bool http_allow(struct http *http, const struct sockaddr *address, struct error *err);

/* Take over a connected socket; it is closed in any case. */
void http_add(struct http *http, int fd, const struct sockaddr *address, socklen_t length);

/* Call this now and then: it stops counting connections that libmicrohttpd closed and did not
 * report. */
void http_settle(struct http *http);

/* Close every connection and join the threads. */
void http_stop(struct http *http);

#endif
