/* socket.h - requests as raw bytes, so that nothing repairs them on the way. */
#ifndef TESTS_HTTP_SOCKET_H
#define TESTS_HTTP_SOCKET_H

#include "tests/http/service.h"

/* A request that is answered 200, and its parts. */
#define HOST "Host: a\r\n"
#define BODY "{\"tokens\":[0,1],\"logits\":[[0,1]]}"
#define POST "POST /v1/score HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
#define WHOLE POST "Content-Length: 33\r\n\r\n" BODY

void pause_ms(long ms);

/* A connection to the service; -1 where it takes none. */
int dial(const struct service *service);

/* The same from another address of this machine ("127.0.0.2"). */
int dial_from(const struct service *service, const char *address);

/* Send a text.  What cannot be sent any more (the server has closed) does not matter: its answer
 * does. */
void say(int fd, const char *text);

/* Read until the text ends with `end` (NULL: is a whole answer with its Content-Length), or the
 * peer closes, or for some seconds.  Returns its length. */
size_t hear_until(int fd, char *text, size_t size, const char *end);

int status_in(const char *text);

/* One request on a connection of its own, to its end; its status. */
int ask(const struct service *service, const char *request, char *answer, size_t size);

/* How often `what` occurs in a text. */
int count_of(const char *text, const char *what);

#endif
