/* socket_stats.c - ioctl() and TCP_INFO. */
#include "server/socket_stats.h"

#include <linux/sockios.h>
#include <linux/tcp.h> /* and not <netinet/tcp.h>: its tcp_info ends before the counts of bytes */
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static uint64_t ask(int fd, unsigned long what)
{
    int count = 0;

    return ioctl(fd, what, &count) == 0 && count > 0 ? (uint64_t)count : 0;
}

uint64_t socket_unread(int fd)
{
    return ask(fd, SIOCINQ);
}

uint64_t socket_unsent(int fd)
{
    return ask(fd, SIOCOUTQ);
}

static struct tcp_info info_of(int fd)
{
    struct tcp_info info;
    socklen_t size = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        memset(&info, 0, sizeof info);
    return info;
}

uint64_t socket_received(int fd)
{
    return info_of(fd).tcpi_bytes_received;
}

uint64_t socket_acknowledged(int fd)
{
    return info_of(fd).tcpi_bytes_acked;
}

bool socket_ended(int fd)
{
    struct pollfd end = {fd, POLLRDHUP, 0};

    return poll(&end, 1, 0) > 0;
}

uint64_t socket_progress(int fd, uint64_t start)
{
    const uint64_t now = socket_acknowledged(fd);

    /* Without counts, use how much is not acknowledged yet.  It is added to a large number, so that
     * the client is late only where that does not change. */
    return now > 0 ? now - start : (UINT64_C(1) << 62) + socket_unsent(fd);
}
