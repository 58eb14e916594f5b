/* raw_reply.c - the text of a reply, written by hand. */
#include "server/raw_reply.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define HEAD_SIZE 512

/* The header of a reply; its length, or 0 where it does not fit.  (RFC 9112 lets the reason phrase
 * be anything.) */
static size_t print_head(char head[HEAD_SIZE], const struct exchange *x)
{
    const unsigned status = x->reply.status;
    const int length =
        snprintf(head, HEAD_SIZE,
                 "HTTP/1.1 %u Error\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                 "X-Request-Id: %s\r\nCache-Control: no-store\r\n"
                 "X-Content-Type-Options: nosniff\r\n%sConnection: close\r\n\r\n",
                 status, x->reply.type, x->reply.length, x->request.id ? x->request.id : "-",
                 status == 429 || status == 503 ? "Retry-After: 1\r\n" : "");

    return length > 0 && length < HEAD_SIZE ? (size_t)length : 0;
}

void raw_reply_send(int fd, const struct exchange *x)
{
    char head[HEAD_SIZE];
    const size_t length = print_head(head, x);
    struct iovec part[2] = {{head, length}, {(void *)(uintptr_t)x->reply.body, x->reply.length}};
    const struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};

    if (length > 0) /* no type or id is so long that it does not fit */
        (void)!sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
