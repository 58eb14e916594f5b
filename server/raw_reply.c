/* raw_reply.c - an answer past libmicrohttpd. */
#include "server/raw_reply.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* RFC 9112 lets the reason phrase be anything; ours is the status again. */
void raw_reply_send(int fd, const struct exchange *x)
{
    char head[512];
    const int length = snprintf(
        head, sizeof head,
        "HTTP/1.1 %u Error\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
        "X-Request-Id: %s\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n%sConnection: close\r\n\r\n",
        x->reply.status, x->reply.type, x->reply.length, x->request.id ? x->request.id : "-",
        x->reply.status == 429 || x->reply.status == 503 ? "Retry-After: 1\r\n" : "");
    struct iovec part[2] = {{head, (size_t)length},
                            {(void *)(uintptr_t)x->reply.body, x->reply.length}};
    const struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};

    if (length < 0 || (size_t)length >= sizeof head) /* no type or id is that long */
        return;
    (void)!sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
